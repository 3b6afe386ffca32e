// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Takes the bytes of one stream of events as they come.
final class EventReceiver: NSObject, URLSessionDataDelegate {
    private struct State {
        var events = ServerSentEvents()
        /// The answer, if it is none of events.
        var refusal: (status: Int, type: String, body: Data)?
    }

    private let url: URL
    private let items: AsyncThrowingStream<EventItem, any Error>.Continuation
    private let state = Mutex(State())

    init(url: URL, items: AsyncThrowingStream<EventItem, any Error>.Continuation) {
        self.url = url
        self.items = items
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        if let http = response as? HTTPURLResponse {
            let type = http.value(forHTTPHeaderField: "Content-Type") ?? ""
            if http.statusCode >= 400 || !type.hasPrefix("text/event-stream") {
                state.withLock { $0.refusal = (http.statusCode, type, Data()) }
            }
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let events = state.withLock { state -> [ServerSentEvent]? in
            guard state.refusal == nil else {
                state.refusal?.body += data
                return []
            }
            return state.events.take(data)
        }
        guard let events else { return fail("an event is longer than any of ours", session) }
        for item in events.compactMap(EventItem.init) {
            if case .dropped = items.yield(item) {
                return fail("the events came faster than they were read", session)
            }
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
        if let refusal = state.withLock(\.refusal) {
            let answer = FleetAnswer(
                status: refusal.status, contentType: refusal.type, body: refusal.body)
            items.finish(throwing: FleetClientError(refused: answer))
        } else if let error {
            items.finish(throwing: FleetClientError(unreachable: url, error))
        } else {
            items.finish()
        }
        session.finishTasksAndInvalidate()
    }

    private func fail(_ message: String, _ session: URLSession) {
        items.finish(throwing: FleetClientError(.malformedAnswer, message, url: url))
        session.invalidateAndCancel()
    }
}
