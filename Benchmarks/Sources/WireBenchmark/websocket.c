// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "websocket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { INPUT_BYTES = 1 << 20, OUTPUT_BYTES = 1 << 21, ANSWER_LIMIT_SECONDS = 20 };
enum { OPCODE_CONTINUATION = 0, OPCODE_TEXT = 1, OPCODE_CLOSE = 8, OPCODE_PING = 9 };

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("WireBenchmark: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static int dial(const char *host, const char *port) {
    struct addrinfo wish = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(host, port, &wish, &found) != 0) fail("no such host: %s", host);
    int handle = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (handle < 0 || connect(handle, found->ai_addr, found->ai_addrlen) != 0)
        fail("%s:%s: %s", host, port, strerror(errno));
    freeaddrinfo(found);
    int on = 1;
    setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct timeval limit = {.tv_sec = ANSWER_LIMIT_SECONDS};
    setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(handle, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    return handle;
}

static void send_all(int handle, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(handle, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) fail("sending: %s", strerror(errno));
        bytes += sent;
        count -= (size_t)sent;
    }
}

/// Receives at least one byte more behind what is there.
static void fill(struct websocket *client) {
    if (client->start == client->end) client->start = client->end = 0;
    if (client->end == INPUT_BYTES) {
        memmove(client->input, client->input + client->start, client->end - client->start);
        client->end -= client->start;
        client->start = 0;
    }
    ssize_t count;
    do {
        count = recv(client->socket, client->input + client->end, INPUT_BYTES - client->end, 0);
    } while (count < 0 && errno == EINTR);
    if (count == 0) fail("the connection was closed");
    if (count < 0) fail("receiving: %s", strerror(errno));
    client->end += (size_t)count;
}

static void need(struct websocket *client, size_t count) {
    while (client->end - client->start < count) fill(client);
}

static void upgrade(struct websocket *client, const char *authority, const char *path) {
    char request[4096];
    int length = snprintf(
        request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        path, authority);
    if (length < 0 || (size_t)length >= sizeof request) fail("the URL is too long");
    send_all(client->socket, request, (size_t)length);
    char *end;
    do {
        fill(client);
        end = memmem(client->input, client->end, "\r\n\r\n", 4);
    } while (end == NULL);
    if (strncmp(client->input, "HTTP/1.1 101", 12) != 0)
        fail("refused: %.*s", (int)client->end, client->input);
    client->start = (size_t)(end - client->input) + 4;
}

void websocket_open(struct websocket *client, const char *url) {
    char authority[256], host[256], port[16];
    if (sscanf(url, "ws://%255[^/]", authority) != 1) fail("not a ws:// URL: %s", url);
    if (sscanf(authority, "%255[^:]:%15s", host, port) != 2) fail("no port: %s", url);
    const char *path = strchr(url + 5, '/');
    *client = (struct websocket){.socket = dial(host, port)};
    client->input = malloc(INPUT_BYTES);
    client->output = malloc(OUTPUT_BYTES);
    if (client->input == NULL || client->output == NULL) fail("no memory");
    upgrade(client, authority, path == NULL ? "/" : path);
}

static void queue_frame(struct websocket *client, int opcode, const char *bytes, size_t length) {
    if (client->queued + length + 14 > OUTPUT_BYTES) websocket_flush(client);
    if (length + 14 > OUTPUT_BYTES) fail("the message is too long");
    char *out = client->output + client->queued;
    *out++ = (char)(0x80 | opcode);
    if (length < 126) {
        *out++ = (char)(0x80 | length);
    } else if (length <= UINT16_MAX) {
        *out++ = (char)(0x80 | 126);
        *out++ = (char)(length >> 8);
        *out++ = (char)length;
    } else {
        *out++ = (char)(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8) *out++ = (char)((uint64_t)length >> shift);
    }
    memset(out, 0, 4);
    memcpy(out + 4, bytes, length);
    client->queued = (size_t)(out + 4 + length - client->output);
}

void websocket_queue(struct websocket *client, const char *text, size_t length) {
    queue_frame(client, OPCODE_TEXT, text, length);
}

void websocket_flush(struct websocket *client) {
    send_all(client->socket, client->output, client->queued);
    client->queued = 0;
}

bool websocket_has_input(const struct websocket *client) {
    return client->end - client->start >= 2;
}

/// Reads a frame's header; the payload is next.
static int read_header(struct websocket *client, bool *is_last, uint64_t *length) {
    need(client, 2);
    const unsigned char *bytes = (unsigned char *)client->input + client->start;
    int opcode = bytes[0] & 0x0f;
    *is_last = (bytes[0] & 0x80) != 0;
    *length = bytes[1] & 0x7f;
    if ((bytes[1] & 0x80) != 0) fail("a server must not mask");
    size_t more = *length == 126 ? 2 : *length == 127 ? 8 : 0;
    need(client, 2 + more);
    bytes = (unsigned char *)client->input + client->start + 2;
    if (more > 0) *length = 0;
    for (size_t i = 0; i < more; i++) *length = *length << 8 | bytes[i];
    client->start += 2 + more;
    return opcode;
}

/// Takes `length` bytes of payload; as many as fit are kept at the end of the head.
static void read_payload(struct websocket *client, uint64_t length, struct message *message) {
    while (length > 0) {
        need(client, 1);
        size_t there = client->end - client->start;
        size_t part = there < length ? there : (size_t)length;
        if (message->length < HEAD_BYTES) {
            size_t room = HEAD_BYTES - (size_t)message->length;
            size_t kept = part < room ? part : room;
            memcpy(message->head + message->length, client->input + client->start, kept);
            message->head[message->length + kept] = '\0';
        }
        message->length += part;
        client->start += part;
        length -= part;
    }
}

static void answer_control(struct websocket *client, int opcode, uint64_t length) {
    struct message control = {.length = 0};
    read_payload(client, length, &control);
    if (opcode == OPCODE_CLOSE) fail("the server closed the connection");
    if (opcode != OPCODE_PING) return;
    queue_frame(client, 10, control.head, (size_t)control.length);
    websocket_flush(client);
}

void websocket_receive(struct websocket *client, struct message *message) {
    message->length = 0;
    message->head[0] = '\0';
    for (;;) {
        bool is_last;
        uint64_t length;
        int opcode = read_header(client, &is_last, &length);
        if (opcode >= OPCODE_CLOSE) {
            answer_control(client, opcode, length);
            continue;
        }
        if (opcode != OPCODE_TEXT && opcode != OPCODE_CONTINUATION) fail("opcode %d", opcode);
        read_payload(client, length, message);
        if (is_last) return;
    }
}
