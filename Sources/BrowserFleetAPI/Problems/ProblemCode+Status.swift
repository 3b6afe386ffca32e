// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension ProblemCode {
    /// The HTTP status of an answer with this code.
    ///
    /// The key's own limits are 429, the server's are 503; a browser that has ended is 410 with
    /// the reason as the code, one that another server owns is 421 (RFC 9110 section 15.5.20); a
    /// gateway answers 502 while that server does not answer, and 410 once it is lost.
    public var status: Int {
        switch self {
        case .malformedRequest, .malformedJSON, .malformedID, .unknownField, .missingField,
            .wrongType, .outOfRange, .invalidValue, .invalidArgument, .invalidProxy,
            .protocolError:
            400
        case .unauthenticated, .invalidKey, .invalidToken, .expiredToken, .invalidSignature: 401
        case .forbidden, .originNotAllowed: 403
        case .unknownPath, .unknownBrowser, .noSuchPage, .unknownServer, .unknownAssignment:
            404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .serverExists, .serverNotManual, .staleEpoch, .assignmentConflict: 409
        case .browserGone, .targetClosed, .serverLost, .fenced, .deleted, .idle, .lifetime,
            .disconnected, .neverConnected, .crashed, .unhealthy, .memoryLimit, .drained,
            .serverStopping, .clientClosed, .abandoned, .evicted:
            410
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        case .hostNotAllowed, .wrongServer, .ownerUnknown: 421
        case .renderingRefused: 422
        case .upgradeRequired: 426
        case .keyLimit, .rateLimited, .tooManyConnections, .readerTooSlow: 429
        case .headersTooLarge: 431
        case .cancelled: 499
        case .launchFailed, .engineMissing, .engineTooOld, .isolationUnavailable, .sandboxFailed,
            .exitedEarly, .timedOut, .diskFull, .dataDirectoryUnusable, .storeUnreadable, .internal:
            500
        case .navigationFailed, .ownerUnreachable, .serversBroken: 502
        case .queueFull, .queueTimeout, .draining, .quarantined, .cpuPressure, .memoryPressure,
            .noServer, .storeUnavailable, .storeOutcomeUnknown, .storeContention, .storeUnusable:
            503
        case .navigationTimeout: 504
        }
    }

    /// The code as a short sentence without its end, such as `Unknown field`.
    public var title: String {
        let words = rawValue.split(separator: "-").map { word in
            switch word {
            case "id": "ID"
            case "json": "JSON"
            case "cpu": "CPU"
            default: String(word)
            }
        }
        let text = words.joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
