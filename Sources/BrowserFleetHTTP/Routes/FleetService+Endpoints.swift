// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetRuntime
import HTTPTypes

extension FleetService {
    /// Every endpoint that is not a WebSocket.
    static var endpoints: [Endpoint<Launcher>] {
        browserEndpoints + discoveryEndpoints + renderEndpoints + healthEndpoints + figureEndpoints
    }

    /// What a server of a fleet has besides.
    static var fleetEndpoints: [Endpoint<Launcher>] {
        serverEndpoints + clusterEndpoints + internalEndpoints
    }

    /// What a server with a store has besides.
    static var recordEndpoints: [Endpoint<Launcher>] { eventEndpoints + auditEndpoints }

    /// What a server has besides whose store is shared.
    static var sharedEndpoints: [Endpoint<Launcher>] { assignmentEndpoints }

    private static var browserEndpoints: [Endpoint<Launcher>] {
        [
            Endpoint(
                .post, "/browsers", "Create a browser.", access: .key(.browsers),
                query: createQuery, body: CreateBrowserRequest.fields,
                answers: [.json(201, "Browser", "The browser, with the URL to connect to.")],
                problems: [
                    .invalidArgument, .invalidProxy, .keyLimit, .queueFull, .queueTimeout,
                    .draining, .launchFailed, .serversBroken,
                ],
                audit: .create, handler: FleetService.create),
            Endpoint(
                .get, "/browsers", "List browsers, newest first.", access: .key(.browsers),
                query: listQuery, answers: [.json(200, "BrowserList", "One page.")],
                handler: FleetService.list),
            Endpoint(
                .get, "/browsers/{id}", "Show one browser. With Upgrade: websocket, CDP.",
                access: .key(.browsers), answers: [.json(200, "Browser", "The browser.")],
                problems: browserProblems, handler: FleetService.show),
            Endpoint(
                .delete, "/browsers/{id}", "End a browser. Never rate limited; may be repeated.",
                access: .key(.browsers), answers: [.json(200, "Deleted", "It is gone.")],
                problems: [.malformedID, .unknownBrowser, .wrongServer],
                audit: .delete, handler: FleetService.delete),
            Endpoint(
                .post, "/browsers/{id}/tokens", "Make another expiring URL for a browser.",
                access: .key(.browsers), body: TokenRequest.fields,
                answers: [.json(201, "Token", "The URL.")], problems: browserProblems,
                audit: .token, handler: FleetService.makeToken),
        ]
    }

    private static var discoveryEndpoints: [Endpoint<Launcher>] {
        let object: JSONTree = ["type": "object"]
        let list = AnswerSchemas.list(object)
        func endpoint(
            _ path: String, _ summary: String, _ schema: JSONTree,
            _ handler: @escaping Endpoint<Launcher>.Handler
        ) -> Endpoint<Launcher> {
            Endpoint(
                .get, "/browsers/{id}/json\(path)", summary, access: .keyOrToken,
                answers: [.other(200, [JSONBody.contentType], schema, "As Chromium writes it.")],
                problems: browserProblems + [.browserGone], handler: handler)
        }
        return [
            endpoint(
                "/version", "DevTools discovery: the browser.", object, FleetService.discoverVersion
            ),
            endpoint("/list", "DevTools discovery: its pages.", list, FleetService.discoverTargets),
            endpoint("", "DevTools discovery: its pages.", list, FleetService.discoverTargets),
            endpoint(
                "/protocol", "DevTools discovery: its domains.", object,
                FleetService.discoverProtocol),
        ]
    }

    private static var renderEndpoints: [Endpoint<Launcher>] {
        let binary: JSONTree = ["type": "string", "format": "binary"]
        let problems =
            browserProblems + [
                .navigationFailed, .navigationTimeout, .noSuchPage, .browserGone,
                .renderingRefused,
            ]
        return [
            Endpoint(
                .get, "/browsers/{id}/screenshot", "A picture of a page.",
                access: .key(.browsers), query: screenshotQuery,
                answers: [
                    .other(200, ["image/png", "image/jpeg", "image/webp"], binary, "The picture.")
                ],
                problems: problems, handler: FleetService.screenshot),
            Endpoint(
                .get, "/browsers/{id}/pdf", "A page as PDF.", access: .key(.browsers),
                query: pageQuery,
                answers: [.other(200, ["application/pdf"], binary, "The document.")],
                problems: problems, handler: FleetService.pdf),
            Endpoint(
                .get, "/browsers/{id}/content", "A page's document.", access: .key(.browsers),
                query: pageQuery,
                answers: [.other(200, ["text/html"], ["type": "string"], "The document.")],
                problems: problems, handler: FleetService.content),
        ]
    }

    private static var healthEndpoints: [Endpoint<Launcher>] {
        [
            Endpoint(
                .get, "/health", "The server's state.", access: .everybody,
                answers: [
                    .json(200, "Health", "It can serve."),
                    .json(503, "Health", "It cannot, or drains; status says why."),
                ], handler: FleetService.health),
            Endpoint(
                .get, "/health/live", "Whether the process answers.", access: .everybody,
                answers: [.empty(204, "It does.")], handler: FleetService.live),
            Endpoint(
                .get, "/health/ready", "Whether a create would be taken.", access: .everybody,
                answers: [.empty(204, "It would.")], problems: [.draining],
                handler: FleetService.ready),
            Endpoint(
                .get, "/api/health", "Sessions, workers and queues.", access: .everybody,
                answers: [
                    .json(200, "SessionHealth", "It can serve."),
                    .json(503, "SessionHealth", "It cannot."),
                ], handler: FleetService.sessionHealth),
            Endpoint(
                .get, "/openapi.json", "This description.", access: .everybody,
                answers: [
                    .other(200, [JSONBody.contentType], ["type": "object"], "OpenAPI 3.1.")
                ],
                handler: FleetService.describeAll),
        ]
    }

    private static var figureEndpoints: [Endpoint<Launcher>] {
        [
            Endpoint(
                .get, "/api/stats", "What happened since the start.", access: .anyKey,
                answers: [.json(200, "Stats", "Counts and latencies.")],
                handler: FleetService.stats),
            Endpoint(
                .get, "/limits", "What this key may still take.", access: .anyKey,
                answers: [.json(200, "Limits", "The limits.")],
                handler: FleetService.limits),
            Endpoint(
                .get, "/metrics", "Prometheus text.", access: .key(.metrics),
                answers: [
                    .other(200, ["text/plain"], ["type": "string"], "The metrics.")
                ],
                handler: FleetService.metricsText),
        ]
    }

    private static var browserProblems: [ProblemCode] {
        [.malformedID, .unknownBrowser, .wrongServer, .deleted]
    }
}
