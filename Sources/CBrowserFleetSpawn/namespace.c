// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CBrowserFleetSpawn.h"

#if defined(__linux__)

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

union control {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
};

static void hand_over(int channel, int descriptor)
{
    union control control;
    char byte = 1;
    struct iovec vector = { &byte, 1 };
    struct msghdr message;
    memset(&message, 0, sizeof message);
    memset(&control, 0, sizeof control);
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    if (sendmsg(channel, &message, MSG_NOSIGNAL) == -1)
        bfs_child_fail(channel, BFS_STEP_HANDOVER);
}

static int listen_on_loopback(uint16_t port)
{
    struct sockaddr_in address;
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener == -1) return -1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // A jail has not brought its loopback interface up yet; the address is bound all the same.
    if (setsockopt(listener, IPPROTO_IP, IP_FREEBIND, &on, sizeof on) == 0
        && bind(listener, (struct sockaddr *)&address, sizeof address) == 0
        && listen(listener, 512) == 0)
        return listener;
    int error = errno;
    close(listener);
    errno = error;
    return -1;
}

int bfs_listen_here(uint16_t *port, struct bfs_failure *failure)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int listener = listen_on_loopback(0);
    if (listener != -1 && getsockname(listener, (struct sockaddr *)&address, &length) == 0) {
        *port = ntohs(address.sin_port);
        return listener;
    }
    failure->step = BFS_STEP_SOCKET;
    failure->error = errno;
    if (listener != -1) close(listener);
    return -1;
}

// The user namespace first: it gives the capability that entering the network namespace needs.
// The owner of a user namespace has all capabilities in it.
static void enter(int pidfd, int channel)
{
    if (syscall(SYS_setns, pidfd, CLONE_NEWUSER | CLONE_NEWNET) == 0) return;
    bfs_child_fail(channel, BFS_STEP_NAMESPACE);
}

static void child_main(
    int pidfd, uint16_t port, int32_t drops_identity, uid_t uid, gid_t gid, int channel)
{
    bfs_child_default_signals();
    if (drops_identity) bfs_child_become(channel, uid, gid);
    enter(pidfd, channel);
    int listener = listen_on_loopback(port);
    if (listener == -1) bfs_child_fail(channel, BFS_STEP_SOCKET);
    hand_over(channel, listener);
    _exit(0);
}

// The child's message is one byte with a descriptor, or a bfs_failure without one.
static int receive(int channel, struct bfs_failure *failure)
{
    union control control;
    struct bfs_failure told = { BFS_STEP_HANDOVER, ECHILD };
    struct iovec vector = { &told, sizeof told };
    struct msghdr message;
    ssize_t count;
    int descriptor = -1;
    memset(&message, 0, sizeof message);
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    do {
        count = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    } while (count == -1 && errno == EINTR);
    struct cmsghdr *header = count > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header != NULL && header->cmsg_type == SCM_RIGHTS) {
        memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
        return descriptor;
    }
    if (count != (ssize_t)sizeof told) {
        told.step = BFS_STEP_HANDOVER;
        told.error = ECHILD;
    }
    *failure = told;
    return -1;
}

int bfs_listen_in_namespace(
    int pidfd, uint16_t port, int32_t drops_identity, uid_t uid, gid_t gid,
    struct bfs_failure *failure)
{
    int channel[2];
    int status;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) == -1) {
        failure->step = BFS_STEP_HANDOVER;
        failure->error = errno;
        return -1;
    }
    pid_t pid = bfs_fork();
    if (pid == 0) child_main(pidfd, port, drops_identity, uid, gid, channel[1]);
    int error = errno;
    close(channel[1]);
    if (pid == -1) {
        close(channel[0]);
        failure->step = BFS_STEP_FORK;
        failure->error = error;
        return -1;
    }
    int descriptor = receive(channel[0], failure);
    close(channel[0]);
    while (waitpid(pid, &status, 0) == -1 && errno == EINTR) {}
    return descriptor;
}

#endif
