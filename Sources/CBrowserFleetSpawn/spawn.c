// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CBrowserFleetSpawn.h"

#include <errno.h>

const char *bfs_step_name(int32_t step)
{
    switch ((enum bfs_step)step) {
    case BFS_STEP_NONE: return "nothing";
    case BFS_STEP_FORK: return "fork";
    case BFS_STEP_PIDFD: return "pidfd_open";
    case BFS_STEP_SESSION: return "setsid";
    case BFS_STEP_LIMITS: return "setrlimit";
    case BFS_STEP_DESCRIPTORS: return "dup2";
    case BFS_STEP_GROUPS: return "setgroups";
    case BFS_STEP_IDENTITY: return "setresuid";
    case BFS_STEP_EXEC: return "execve";
    case BFS_STEP_NAMESPACE: return "setns";
    case BFS_STEP_SOCKET: return "listen";
    case BFS_STEP_HANDOVER: return "sendmsg";
    }
    return "unknown";
}

#if defined(__linux__)

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

#ifndef PIDFD_SIGNAL_PROCESS_GROUP
#define PIDFD_SIGNAL_PROCESS_GROUP (1U << 2)
#endif

int bfs_pidfd_open(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int bfs_pidfd_signal(int pidfd, int signal)
{
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int bfs_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

// Whether the child behind `pidfd` is `leader`, has ended and is there to be reaped.
static int awaits_reaping(int pidfd, pid_t leader)
{
    siginfo_t info;
    int result;
    memset(&info, 0, sizeof info);
    do {
        result = waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG | WNOWAIT);
    } while (result == -1 && errno == EINTR);
    return result == 0 && info.si_pid == leader;
}

void bfs_kill_group(int pidfd, pid_t leader)
{
    // Since Linux 6.9 a pidfd means the group too, which then cannot be mistaken for another.
    if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, PIDFD_SIGNAL_PROCESS_GROUP) == 0)
        return;
    // Where SIGCHLD is ignored the kernel reaped the child, and its number may be anybody's.
    if (leader > 1 && awaits_reaping(pidfd, leader)) (void)kill(-leader, SIGKILL);
}

void bfs_name_thread(const char *name) { (void)prctl(PR_SET_NAME, name, 0, 0, 0); }

static int reap(int pidfd, int *status, int options)
{
    siginfo_t info;
    int result;
    memset(&info, 0, sizeof info);
    do {
        result = waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | options);
    } while (result == -1 && errno == EINTR);
    if (result == -1) return -1;
    if (info.si_pid == 0) return 0;
    *status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status & 0x7f;
    return 1;
}

int bfs_reap(int pidfd, int *status) { return reap(pidfd, status, WNOHANG); }

int bfs_reap_wait(int pidfd, int *status) { return reap(pidfd, status, 0); }

// From here to `child_main`: the child only, raw system calls where the C library would take locks
// or tell other threads.

void bfs_child_fail(int report, int32_t step)
{
    struct bfs_failure failure = { step, errno };
    ssize_t written;
    do {
        written = write(report, &failure, sizeof failure);
    } while (written == -1 && errno == EINTR);
    _exit(127);
}

void bfs_child_become(int report, uid_t uid, gid_t gid)
{
    if (syscall(SYS_setgroups, 0, NULL) == -1 && errno != EPERM)
        bfs_child_fail(report, BFS_STEP_GROUPS);
    if (syscall(SYS_setresgid, gid, gid, gid) == -1)
        bfs_child_fail(report, BFS_STEP_IDENTITY);
    if (syscall(SYS_setresuid, uid, uid, uid) == -1)
        bfs_child_fail(report, BFS_STEP_IDENTITY);
}

void bfs_child_default_signals(void)
{
    struct sigaction action;
    sigset_t none;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &action, NULL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

// Moves every source above the targets first, so that no dup2 overwrites a source still needed.
static int place_descriptors(const struct bfs_request *request, int report)
{
    int count = (int)request->descriptor_count;
    int moved[16];
    int null = -1;
    if (count > 16) {
        errno = EINVAL;
        bfs_child_fail(report, BFS_STEP_DESCRIPTORS);
    }
    int kept = fcntl(report, F_DUPFD_CLOEXEC, count);
    if (kept == -1) bfs_child_fail(report, BFS_STEP_DESCRIPTORS);
    for (int target = 0; target < count; target++) {
        int source = request->descriptor_sources[target];
        if (source == -1) {
            if (null == -1) null = open("/dev/null", O_RDWR | O_CLOEXEC);
            source = null;
        }
        moved[target] = fcntl(source, F_DUPFD_CLOEXEC, count);
        if (moved[target] == -1) bfs_child_fail(kept, BFS_STEP_DESCRIPTORS);
    }
    for (int target = 0; target < count; target++)
        if (dup2(moved[target], target) == -1) bfs_child_fail(kept, BFS_STEP_DESCRIPTORS);
    // Marks instead of closing: the report must survive until execve succeeds.
    if (syscall(SYS_close_range, count, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */) == -1)
        bfs_child_fail(kept, BFS_STEP_DESCRIPTORS);
    return kept;
}

static void set_limits(const struct bfs_request *request, int report)
{
    struct rlimit limit = { 0, 0 };
    if (setrlimit(RLIMIT_CORE, &limit) == -1) bfs_child_fail(report, BFS_STEP_LIMITS);
    if (request->open_files == 0) return;
    if (getrlimit(RLIMIT_NOFILE, &limit) == -1) bfs_child_fail(report, BFS_STEP_LIMITS);
    rlim_t wanted = (rlim_t)request->open_files;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) == -1) bfs_child_fail(report, BFS_STEP_LIMITS);
}

// Best effort: a container may not let us write it.
static void write_number(const char *path, int32_t value)
{
    char text[4];
    int place = sizeof text;
    if (value <= 0 || value > 1000) return;
    for (; value > 0; value /= 10) text[--place] = (char)('0' + value % 10);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file == -1) return;
    (void)!write(file, text + place, sizeof text - (size_t)place);
    close(file);
}

// What a file of the kernel holds; 0 if it cannot be read.
static long read_number(const char *path)
{
    char text[16] = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file == -1) return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    long value = 0;
    int is_negative = count > 0 && text[0] == '-';
    for (const char *digit = text + is_negative; *digit >= '0' && *digit <= '9'; digit++)
        value = value * 10 + (*digit - '0');
    return is_negative ? -value : value;
}

static void become_eviction_candidate(int32_t adjustment)
{
    const long most = 1000;
    if (adjustment <= 0) return;
    long wanted = read_number("/proc/self/oom_score_adj") + adjustment;
    // A server that is below 0 keeps its browsers at 0 or above, so that they go before others' processes do.
    if (wanted < adjustment) wanted = adjustment;
    write_number("/proc/self/oom_score_adj", (int32_t)(wanted < most ? wanted : most));
}

// Where the kernel groups tasks by session, a nice value counts inside the session only; the
// session's own is in another place.
static void step_back(const struct bfs_request *request)
{
    become_eviction_candidate(request->oom_score_adjustment);
    if (request->niceness <= 0) return;
    errno = 0;
    int before = getpriority(PRIO_PROCESS, 0);
    if (errno == 0) (void)setpriority(PRIO_PROCESS, 0, before + request->niceness);
    write_number("/proc/self/autogroup", request->niceness);
}

static void child_main(const struct bfs_request *request, int report)
{
    bfs_child_default_signals();
    if (setsid() == -1) bfs_child_fail(report, BFS_STEP_SESSION);
    step_back(request);
    set_limits(request, report);
    report = place_descriptors(request, report);
    if (request->drops_identity) bfs_child_become(report, request->uid, request->gid);
    execve(request->path, request->argv, request->envp);
    bfs_child_fail(report, BFS_STEP_EXEC);
}

pid_t bfs_fork(void)
{
    // _Fork runs no atfork handlers: those of the parent's libraries may wait for locks that
    // threads missing in the child hold. Signals stay blocked until the child has reset them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = _Fork();
    if (pid == 0) return 0;
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return pid;
}

static pid_t fail(struct bfs_failure *failure, int32_t step)
{
    failure->step = step;
    failure->error = errno;
    return -1;
}

pid_t bfs_spawn(const struct bfs_request *request, int *pidfd, struct bfs_failure *failure)
{
    int report[2];
    int status;
    if (pipe2(report, O_CLOEXEC) == -1) return fail(failure, BFS_STEP_DESCRIPTORS);
    pid_t pid = bfs_fork();
    if (pid == 0) child_main(request, report[1]);
    close(report[1]);
    if (pid == -1) {
        (void)fail(failure, BFS_STEP_FORK);
        close(report[0]);
        return -1;
    }
    ssize_t count;
    do {
        count = read(report[0], failure, sizeof *failure);
    } while (count == -1 && errno == EINTR);
    close(report[0]);
    if (count == (ssize_t)sizeof *failure) {
        (void)waitpid(pid, &status, 0);
        return -1;
    }
    *pidfd = bfs_pidfd_open(pid);
    if (*pidfd == -1) {
        (void)fail(failure, BFS_STEP_PIDFD);
        if (failure->error != ESRCH) kill(pid, SIGKILL);
        (void)waitpid(pid, &status, 0);
        return -1;
    }
    return pid;
}

#else

static int unsupported(struct bfs_failure *failure)
{
    failure->step = BFS_STEP_FORK;
    failure->error = ENOSYS;
    return -1;
}

pid_t bfs_spawn(const struct bfs_request *request, int *pidfd, struct bfs_failure *failure)
{
    (void)request; (void)pidfd;
    return unsupported(failure);
}

int bfs_listen_in_namespace(
    int pidfd, uint16_t port, int32_t drops_identity, uid_t uid, gid_t gid,
    struct bfs_failure *failure)
{
    (void)pidfd; (void)port; (void)drops_identity; (void)uid; (void)gid;
    return unsupported(failure);
}

int bfs_listen_here(uint16_t *port, struct bfs_failure *failure)
{
    (void)port;
    return unsupported(failure);
}

int bfs_pipe(int ends[2]) { (void)ends; errno = ENOSYS; return -1; }
void bfs_name_thread(const char *name) { (void)name; }
int bfs_pidfd_open(pid_t pid) { (void)pid; errno = ENOSYS; return -1; }
int bfs_pidfd_signal(int pidfd, int signal) { (void)pidfd; (void)signal; errno = ENOSYS; return -1; }
void bfs_kill_group(int pidfd, pid_t leader) { (void)pidfd; (void)leader; }
int bfs_reap(int pidfd, int *status) { (void)pidfd; (void)status; errno = ENOSYS; return -1; }
int bfs_reap_wait(int pidfd, int *status) { (void)pidfd; (void)status; errno = ENOSYS; return -1; }

#endif
