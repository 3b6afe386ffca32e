// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetRuntime

extension PageSession {
    /// Loads a URL and returns when its load event is over.
    func navigate(to url: String, until deadline: Deadline) async throws(RenderingError) {
        let answer: JSONValue
        do {
            answer = try await call("Page.navigate", ["url": .string(url)], until: deadline)
        } catch  where error.code == .refused {
            throw RenderingError(.navigationFailed, error.message)
        }
        if let reason = answer["errorText"]?.stringValue {
            throw RenderingError(.navigationFailed, "The page did not load: \(reason).")
        }
        if answer["isDownload"]?.boolValue == true {
            throw RenderingError(.navigationFailed, "The URL is a download, not a page.")
        }
        try await awaitLoad(until: deadline)
    }

    /// Returns when the present document is loaded.
    ///
    /// The answer to `Page.navigate` comes when the new document begins, and events of the page
    /// would need `Page.enable`; so the document itself is asked.
    private func awaitLoad(until deadline: Deadline) async throws(RenderingError) {
        let expression = """
            new Promise(done => document.readyState === 'complete' ? done(true)
                : addEventListener('load', () => done(true), {once: true}))
            """
        while true {
            do {
                _ = try await evaluate(expression, until: deadline)
                return
            } catch  where error.isAboutReplacedDocument && !deadline.hasPassed {
                // A redirect by script: wait for the document that comes.
                continue
            }
        }
    }

    /// Runs a script and answers its value; promises are awaited.
    func evaluate(
        _ expression: String, until deadline: Deadline
    ) async throws(RenderingError) -> JSONValue {
        let answer = try await call(
            "Runtime.evaluate",
            [
                "expression": .string(expression), "awaitPromise": true, "returnByValue": true,
            ], until: deadline)
        if let thrown = answer["exceptionDetails"] {
            let text =
                thrown["exception"]?["description"]?.stringValue ?? thrown["text"]?.stringValue
            throw RenderingError(.refused, text ?? "The script threw.")
        }
        return answer["result"]?["value"] ?? .null
    }

    /// A picture of the page.
    func screenshot(
        format: ScreenshotRequest.Format, quality: Int?, fullPage: Bool, until deadline: Deadline
    ) async throws(RenderingError) -> [UInt8] {
        var members = [JSONValue.Member("format", .string(format.rawValue))]
        if let quality, format != .png {
            members.append(.init("quality", .integer(Int64(quality))))
        }
        if fullPage {
            let area = try await documentArea(until: deadline)
            members += [.init("clip", area), .init("captureBeyondViewport", true)]
        }
        return try await data(of: capture(.object(members), until: deadline))
    }

    /// Takes the picture, again if need be: a capture that a navigation to another process
    /// overtakes is refused, or never answered at all.
    private func capture(
        _ params: JSONValue, until deadline: Deadline
    ) async throws(RenderingError) -> JSONValue {
        while true {
            do {
                let attempt = Deadline(in: min(deadline.left, .seconds(3)))
                return try await call("Page.captureScreenshot", params, until: attempt)
            } catch
                where error.isAboutNavigation && !deadline.hasPassed && !Task.isCancelled
            {
                // The new document takes over within milliseconds, and no event of a page comes
                // without `Page.enable`.
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// The whole document, as far as one picture goes.
    private func documentArea(until deadline: Deadline) async throws(RenderingError) -> JSONValue {
        let metrics = try await call("Page.getLayoutMetrics", until: deadline)
        let size = metrics["cssContentSize"]
        // Chromium draws no larger surface, and answers with an empty picture.
        let most = 16_384.0
        return [
            "x": 0, "y": 0, "scale": 1,
            "width": .number(min(max(size?["width"]?.doubleValue ?? 0, 1), most)),
            "height": .number(min(max(size?["height"]?.doubleValue ?? 0, 1), most)),
        ]
    }

    /// The page as PDF, backgrounds included.
    func pdf(until deadline: Deadline) async throws(RenderingError) -> [UInt8] {
        let answer = try await call(
            "Page.printToPDF", ["printBackground": true, "preferCSSPageSize": true],
            until: deadline)
        return try data(of: answer)
    }

    /// The serialised document with its type.
    func content(until deadline: Deadline) async throws(RenderingError) -> String {
        let value = try await evaluate(
            """
            (document.doctype ? new XMLSerializer().serializeToString(document.doctype) : '')
                + (document.documentElement ? document.documentElement.outerHTML : '')
            """, until: deadline)
        guard let text = value.stringValue else { throw .unreadable }
        return text
    }

    private func data(of answer: JSONValue) throws(RenderingError) -> [UInt8] {
        guard let text = answer["data"]?.stringValue,
            let bytes = Base64.decode(Array(text.utf8).span)
        else { throw .unreadable }
        return bytes
    }
}

extension RenderingError {
    /// The document that a script ran in gave way to another one.
    fileprivate var isAboutReplacedDocument: Bool {
        let words = ["context was destroyed", "navigated or closed", "Cannot find context"]
        return code == .refused && words.contains { message.contains($0) }
    }
}

extension RenderingError {
    /// Whether a page that is being replaced may be why; then asking again is worth it.
    fileprivate var isAboutNavigation: Bool {
        code == .timedOut || message.contains("Not attached to an active page")
    }
}
