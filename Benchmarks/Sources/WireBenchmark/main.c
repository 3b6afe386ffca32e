// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// Asks a browser over one WebSocket and says how long it took.
//
// Usage: WireBenchmark ws://HOST:PORT/PATH
// Reads commands, one a line, and prints one line of JSON for each:
//   latency browser|page COUNT          one call at a time
//   paced browser|page COUNT MICROS     one call at a time, one begun every MICROS microseconds
//   pipeline browser|page DEPTH COUNT   DEPTH calls in flight
//   large BYTES COUNT                   results of BYTES bytes, one at a time
//   echo BYTES COUNT                    messages of BYTES bytes to an echo, one at a time
//   quit
// `browser` asks Browser.getVersion without a session, `page` evaluates `1` in a page's session.

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "websocket.h"

enum { SESSION_BYTES = 64, CALL_BYTES = 512, MOST_CALLS = 4000000 };

struct bench {
    struct websocket client;
    char session[SESSION_BYTES];
    long last;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int by_value(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/// Waits for the answer to the call with that number; everything else is passed over.
static void await_answer(struct bench *bench, long number, struct message *message) {
    char begin[40];
    int length = snprintf(begin, sizeof begin, "{\"id\":%ld,", number);
    do {
        websocket_receive(&bench->client, message);
    } while (strncmp(message->head, begin, (size_t)length) != 0);
    if (strncmp(message->head + length, "\"error\"", 7) == 0) fail("%s", message->head);
}

static void ask(struct bench *bench, const char *rest, struct message *message) {
    char call[CALL_BYTES];
    int length = snprintf(call, sizeof call, "{\"id\":%ld,%s}", ++bench->last, rest);
    websocket_queue(&bench->client, call, (size_t)length);
    websocket_flush(&bench->client);
    await_answer(bench, bench->last, message);
}

/// Copies the text value of `key` out of an answer.
static void value_of(const struct message *message, const char *key, char *value, size_t room) {
    const char *found = strstr(message->head, key);
    if (found == NULL) fail("no %s in %s", key, message->head);
    found += strlen(key);
    size_t length = strcspn(found, "\"");
    if (length >= room) fail("too long: %s", found);
    memcpy(value, found, length);
    value[length] = '\0';
}

static void open_page(struct bench *bench) {
    if (bench->session[0] != '\0') return;
    struct message answer;
    char target[SESSION_BYTES], rest[CALL_BYTES];
    ask(bench, "\"method\":\"Target.createTarget\",\"params\":{\"url\":\"about:blank\"}", &answer);
    value_of(&answer, "\"targetId\":\"", target, sizeof target);
    snprintf(rest, sizeof rest,
             "\"method\":\"Target.attachToTarget\",\"params\":{\"targetId\":\"%s\","
             "\"flatten\":true}", target);
    ask(bench, rest, &answer);
    value_of(&answer, "\"sessionId\":\"", bench->session, sizeof bench->session);
}

static void write_call(struct bench *bench, const char *kind, char *rest, size_t room) {
    if (strcmp(kind, "browser") == 0) {
        snprintf(rest, room, "\"method\":\"Browser.getVersion\"");
    } else if (strcmp(kind, "page") == 0) {
        open_page(bench);
        snprintf(rest, room,
                 "\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"1\"},"
                 "\"sessionId\":\"%s\"", bench->session);
    } else {
        fail("no such kind: %s", kind);
    }
}

/// Sleeps until the moment; a call that is late is made at once.
static void await_moment(double moment) {
    double left = moment - now();
    if (left <= 0) return;
    struct timespec time = {.tv_sec = (time_t)left, .tv_nsec = (long)((left - (long)left) * 1e9)};
    nanosleep(&time, NULL);
}

/// One call at a time, each begun `interval` seconds after the one before, or when that is answered.
static void measure_latency(struct bench *bench, const char *kind, long count, double interval) {
    char rest[CALL_BYTES];
    struct message answer;
    double *times = malloc((size_t)count * sizeof *times);
    if (times == NULL) fail("no memory");
    write_call(bench, kind, rest, sizeof rest);
    double begin = now();
    for (long i = 0; i < count; i++) {
        await_moment(begin + (double)i * interval);
        double before = now();
        ask(bench, rest, &answer);
        times[i] = now() - before;
    }
    double total = now() - begin;
    qsort(times, (size_t)count, sizeof *times, by_value);
    printf("{\"count\":%ld,\"seconds\":%.6f,\"p50us\":%.2f,\"p99us\":%.2f}\n", count, total,
           times[count / 2] * 1e6, times[count * 99 / 100] * 1e6);
    free(times);
}

static void queue_call(struct bench *bench, const char *rest) {
    char call[CALL_BYTES];
    int length = snprintf(call, sizeof call, "{\"id\":%ld,%s}", ++bench->last, rest);
    websocket_queue(&bench->client, call, (size_t)length);
}

/// Keeps `depth` calls in flight; as many new ones go out at once as answers came in together.
static void measure_pipeline(struct bench *bench, const char *kind, long depth, long count) {
    char rest[CALL_BYTES];
    struct message answer;
    write_call(bench, kind, rest, sizeof rest);
    long sent = 0, answered = 0;
    double begin = now();
    for (; sent < depth && sent < count; sent++) queue_call(bench, rest);
    websocket_flush(&bench->client);
    while (answered < count) {
        do {
            websocket_receive(&bench->client, &answer);
            if (strncmp(answer.head, "{\"id\":", 6) != 0) continue;
            answered++;
            if (sent < count) {
                queue_call(bench, rest);
                sent++;
            }
        } while (answered < count && websocket_has_input(&bench->client));
        if (bench->client.queued > 0) websocket_flush(&bench->client);
    }
    double total = now() - begin;
    printf("{\"count\":%ld,\"seconds\":%.6f,\"perSecond\":%.1f}\n", count, total,
           (double)count / total);
}

static void measure_large(struct bench *bench, long bytes, long count) {
    char rest[CALL_BYTES];
    struct message answer;
    open_page(bench);
    snprintf(rest, sizeof rest,
             "\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"'x'.repeat(%ld)\","
             "\"returnByValue\":true},\"sessionId\":\"%s\"", bytes, bench->session);
    double begin = now();
    for (long i = 0; i < count; i++) {
        ask(bench, rest, &answer);
        if (answer.length < (uint64_t)bytes) fail("short answer: %s", answer.head);
    }
    double total = now() - begin;
    printf("{\"count\":%ld,\"seconds\":%.6f,\"megabytesPerSecond\":%.2f}\n", count, total,
           (double)bytes * (double)count / 1e6 / total);
}

static void measure_echo(struct bench *bench, long bytes, long count) {
    struct message answer;
    char *text = malloc((size_t)bytes);
    if (text == NULL) fail("no memory");
    memset(text, 'x', (size_t)bytes);
    double begin = now();
    for (long i = 0; i < count; i++) {
        websocket_queue(&bench->client, text, (size_t)bytes);
        websocket_flush(&bench->client);
        websocket_receive(&bench->client, &answer);
        if (answer.length != (uint64_t)bytes) fail("no echo: %s", answer.head);
    }
    double total = now() - begin;
    printf("{\"count\":%ld,\"seconds\":%.6f,\"megabytesPerSecond\":%.2f}\n", count, total,
           (double)bytes * (double)count / 1e6 / total);
    free(text);
}

static void obey(struct bench *bench, const char *line) {
    char kind[16];
    long first, second;
    if (sscanf(line, "latency %15s %ld", kind, &first) == 2 && first > 0 && first < MOST_CALLS)
        measure_latency(bench, kind, first, 0);
    else if (sscanf(line, "paced %15s %ld %ld", kind, &first, &second) == 3 && first > 0 &&
             first < MOST_CALLS && second >= 0)
        measure_latency(bench, kind, first, (double)second / 1e6);
    else if (sscanf(line, "pipeline %15s %ld %ld", kind, &first, &second) == 3 && second > 0)
        measure_pipeline(bench, kind, first, second);
    else if (sscanf(line, "large %ld %ld", &first, &second) == 2 && second > 0)
        measure_large(bench, first, second);
    else if (sscanf(line, "echo %ld %ld", &first, &second) == 2 && first > 0 && second > 0)
        measure_echo(bench, first, second);
    else
        fail("no such command: %s", line);
    fflush(stdout);
}

int main(int count, char **arguments) {
    if (count != 2) fail("usage: WireBenchmark ws://HOST:PORT/PATH");
    struct bench bench = {.last = 0};
    websocket_open(&bench.client, arguments[1]);
    puts("{\"ready\":true}");
    fflush(stdout);
    char line[256];
    while (fgets(line, sizeof line, stdin) != NULL && strncmp(line, "quit", 4) != 0)
        obey(&bench, line);
    return 0;
}
