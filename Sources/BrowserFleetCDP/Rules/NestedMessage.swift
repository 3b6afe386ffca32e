// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Judges what `Target.sendMessageToTarget`, the old way to speak to a session, carries inside.
///
/// The bridge sees neither the answers nor the events of such a session, so whatever it would have
/// to follow up is refused here; pages driven the old way (pyppeteer) need none of it.
enum NestedMessage {
    /// How many messages may be wrapped in each other.
    private static let maximumDepth = 4

    /// Judges a call of `Target.sendMessageToTarget` with `params`.
    static func judge(_ params: JSONValue?) -> MethodVerdict {
        refusal(params, depth: 1).map(MethodVerdict.refuse) ?? .pass
    }

    private static func refusal(_ params: JSONValue?, depth: Int) -> CallError? {
        guard depth <= maximumDepth else { return unreadable }
        let messages = (params?.objectValue ?? []).filter { $0.name == "message" }.map(\.value)
        for message in messages {
            guard case .string(let text) = message else { continue }
            if let error = refusal(of: text, depth: depth) { return error }
        }
        return nil
    }

    private static func refusal(of text: String, depth: Int) -> CallError? {
        let bytes = Array(text.utf8)
        guard let envelope = ClientEnvelope.scan(bytes.span), envelope.error == nil,
            envelope.session == .root, let name = envelope.method
        else { return unreadable }
        guard let method = KnownMethod.find(bytes.span, in: name) else { return nil }
        let params = envelope.params.flatMap { try? JSONValue.parse(bytes.span, in: $0) }
        switch method {
        case .sendMessageToTarget: return refusal(params, depth: depth + 1)
        case .setAutoAttach, .autoAttachRelated:
            return MethodVerdict.waits(params) ? MethodVerdict.nestedWait : nil
        case .getWindowForTarget:
            return MethodVerdict.namesTarget(params) ? MethodVerdict.unknownTarget : nil
        case .closeBrowser, .createBrowserContext, .createTarget, .exposeDevToolsProtocol:
            return .refused("\(method.rawValue) is not available inside Target.sendMessageToTarget")
        case .runIfWaitingForDebugger, .disableFetch, .continueRequest, .continueResponse,
            .continueWithAuth, .failRequest, .fulfillRequest, .enablePage, .navigate, .reload,
            .navigateToHistoryEntry:
            return nil
        }
    }

    private static let unreadable = CallError.refused(
        "Target.sendMessageToTarget must carry one plain call without a sessionId")
}
