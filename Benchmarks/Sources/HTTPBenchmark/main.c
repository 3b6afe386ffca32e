// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// Asks over kept connections, each as fast as it is answered; one thread and no library, so that
// little of the machine goes to the client. With a PATH it gets that; without one it creates
// browsers and deletes them again. Prints one line of JSON: the gets, or the creates, that were
// answered within SECONDS, after WARM_UP, and their times.
//
// Usage: HTTPBenchmark PORT KEY CONNECTIONS WARM_UP SECONDS [PATH]

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { INPUT_BYTES = 16384, REQUEST_BYTES = 1024, MOST_CONNECTIONS = 1024, ID_BYTES = 320 };
enum { SILENCE_LIMIT_MS = 20000 };

enum call { GET, CREATE, DELETE };

struct client {
    int socket;
    enum call call;
    double began;
    size_t filled;
    char id[ID_BYTES];
    char input[INPUT_BYTES + 1];
};

struct bench {
    int port, poll;
    const char *key, *path;
    double start, end;
    double *times;
    size_t count, room, refused;
};

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("HTTPBenchmark: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void dial(struct bench *bench, struct client *client) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)bench->port),
        .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    client->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->socket < 0
        || connect(client->socket, (struct sockaddr *)&address, sizeof address) != 0)
        fail("port %d: %s", bench->port, strerror(errno));
    int on = 1;
    setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (epoll_ctl(bench->poll, EPOLL_CTL_ADD, client->socket, &event) != 0) fail("epoll_ctl");
}

static int write_request(const struct bench *bench, const struct client *client, char *request) {
    switch (client->call) {
    case GET:
        return snprintf(request, REQUEST_BYTES,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\n\r\n",
                        bench->path, bench->port, bench->key);
    case CREATE:
        return snprintf(request, REQUEST_BYTES,
                        "POST /browsers HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\n"
                        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                        bench->port, bench->key);
    case DELETE:
        return snprintf(request, REQUEST_BYTES,
                        "DELETE /browsers/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                        "X-API-Key: %s\r\n\r\n", client->id, bench->port, bench->key);
    }
    return -1;
}

/// Requests are smaller than a socket's buffer, so one call sends the whole of one.
static void ask(const struct bench *bench, struct client *client) {
    char request[REQUEST_BYTES];
    int length = write_request(bench, client, request);
    if (length < 0 || length >= REQUEST_BYTES) fail("the key, the path or the ID is too long");
    client->began = now();
    if (send(client->socket, request, (size_t)length, MSG_NOSIGNAL) != length)
        fail("sending: %s", strerror(errno));
}

/// The status of the answer if it is there as a whole, else 0; `body` is then its body.
static int status_of(struct client *client, const char **body) {
    client->input[client->filled] = '\0';
    char *end = strstr(client->input, "\r\n\r\n");
    if (end == NULL) return 0;
    const char *field = strcasestr(client->input, "\r\ncontent-length:");
    if (field == NULL || field > end) fail("an answer without a length: %s", client->input);
    *body = end + 4;
    size_t length = strtoul(field + strlen("\r\ncontent-length:"), NULL, 10);
    if (length > INPUT_BYTES / 2) fail("an answer of %zu bytes", length);
    if (client->filled < (size_t)(*body - client->input) + length) return 0;
    return atoi(client->input + strlen("HTTP/1.1 "));
}

static void note_time(struct bench *bench, const struct client *client) {
    double end = now();
    if (end < bench->start || end > bench->end) return;
    if (bench->count == bench->room) {
        bench->room = bench->room * 2 + 65536;
        bench->times = realloc(bench->times, bench->room * sizeof *bench->times);
        if (bench->times == NULL) fail("no memory");
    }
    bench->times[bench->count++] = end - client->began;
}

/// Takes an answer; the next call follows from it.
static void take(struct bench *bench, struct client *client, int status, const char *body) {
    if (client->call == CREATE && status == 503) {
        bench->refused++;
    } else if (client->call == CREATE && status == 201) {
        note_time(bench, client);
        const char *field = strstr(body, "\"id\":");
        if (field == NULL || sscanf(field, "\"id\":\"%319[^\"]", client->id) != 1)
            fail("no ID: %s", body);
        client->call = DELETE;
    } else if (client->call == DELETE && status == 200) {
        client->call = CREATE;
    } else if (client->call == GET && status == 200) {
        note_time(bench, client);
    } else {
        fail("%s", client->input);
    }
}

static void go_on(struct bench *bench, struct client *client) {
    ssize_t got = recv(client->socket, client->input + client->filled,
                       INPUT_BYTES - client->filled, 0);
    if (got <= 0) fail("the connection ended: %s", got == 0 ? "closed" : strerror(errno));
    client->filled += (size_t)got;
    const char *body = NULL;
    int status = status_of(client, &body);
    if (status == 0) return;
    take(bench, client, status, body);
    client->filled = 0;
    ask(bench, client);
}

static int by_size(const void *left, const void *right) {
    double first = *(const double *)left, second = *(const double *)right;
    return (first > second) - (first < second);
}

static void run(struct bench *bench) {
    struct epoll_event events[64];
    while (now() < bench->end) {
        int ready = epoll_wait(bench->poll, events, 64, SILENCE_LIMIT_MS);
        if (ready < 0 && errno != EINTR) fail("epoll_wait: %s", strerror(errno));
        if (ready == 0) fail("no answer within %d ms", SILENCE_LIMIT_MS);
        for (int i = 0; i < ready; i++) go_on(bench, events[i].data.ptr);
    }
}

int main(int count, char **arguments) {
    if (count < 6) fail("usage: HTTPBenchmark PORT KEY CONNECTIONS WARM_UP SECONDS [PATH]");
    struct bench bench = {
        .port = atoi(arguments[1]), .key = arguments[2], .path = count > 6 ? arguments[6] : NULL};
    int connections = atoi(arguments[3]);
    double seconds = atof(arguments[5]);
    if (connections < 1 || connections > MOST_CONNECTIONS) fail("how many connections?");
    bench.poll = epoll_create1(EPOLL_CLOEXEC);
    bench.start = now() + atof(arguments[4]);
    bench.end = bench.start + seconds;
    struct client *clients = calloc((size_t)connections, sizeof *clients);
    if (clients == NULL || bench.poll < 0) fail("no memory");
    for (int i = 0; i < connections; i++) {
        clients[i].call = bench.path == NULL ? CREATE : GET;
        dial(&bench, &clients[i]);
        ask(&bench, &clients[i]);
    }
    run(&bench);
    if (bench.count == 0) fail("nothing was answered");
    qsort(bench.times, bench.count, sizeof *bench.times, by_size);
    printf("{\"count\":%zu,\"refused\":%zu,\"perSecond\":%.1f,\"p50ms\":%.3f,\"p99ms\":%.3f}\n",
           bench.count, bench.refused, (double)bench.count / seconds,
           bench.times[bench.count / 2] * 1e3, bench.times[bench.count * 99 / 100] * 1e3);
    return 0;
}
