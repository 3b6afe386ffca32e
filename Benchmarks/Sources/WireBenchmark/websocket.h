// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// A WebSocket client over one blocking socket: just enough to ask a browser quickly.

#ifndef WEBSOCKET_H
#define WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How much of a message's beginning is kept; the rest is read and dropped.
#define HEAD_BYTES 512

/// One connection. Bytes that were received and not yet taken are `input[start..<end]`.
struct websocket {
    int socket;
    char *input;
    size_t start, end;
    char *output;
    size_t queued;
};

/// The beginning of a message and its whole length.
struct message {
    char head[HEAD_BYTES + 1];
    uint64_t length;
};

/// Connects to `ws://host:port/path`, or says why not and exits.
void websocket_open(struct websocket *client, const char *url);

/// Adds a text message to what will be sent. The mask is zero, so nothing is copied twice.
void websocket_queue(struct websocket *client, const char *text, size_t length);

/// Sends what was queued, with one system call if the kernel takes it whole.
void websocket_flush(struct websocket *client);

/// Takes the next text message; waits for it. Pings are answered on the way.
void websocket_receive(struct websocket *client, struct message *message);

/// Whether a whole frame header is there already, so that receiving does not wait for one.
bool websocket_has_input(const struct websocket *client);

/// Prints why the program cannot go on, and exits with 1.
_Noreturn void fail(const char *format, ...);

#endif
