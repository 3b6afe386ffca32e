// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What becomes of a call of a method that the bridge knows, as far as its parameters decide.
enum MethodVerdict: Equatable, Sendable {
    /// It goes to the browser as it is.
    case pass
    /// It goes to the browser with these parameters instead.
    case rewrite(JSONValue)
    /// It is answered with this error and goes nowhere.
    case refuse(CallError)

    /// Judges a call of `method` with `params` (nil when the message has none).
    ///
    /// `pageSize` is what pages get whose maker names no size; `pages` are those there are.
    static func judge(
        _ method: KnownMethod, params: JSONValue?, isInternal: Bool, pageSize: PageSize?,
        pages: PageTable
    ) -> MethodVerdict {
        switch method {
        case .createTarget: return createTarget(params, pageSize)
        case .createBrowserContext: return createBrowserContext(params)
        case .exposeDevToolsProtocol: return .refuse(exposed)
        case .setAutoAttach: return setAutoAttach(params)
        case .sendMessageToTarget: return NestedMessage.judge(params)
        case .enablePage: return isInternal ? .refuse(enabledPage) : .pass
        case .getWindowForTarget:
            let targets = values(of: "targetId", params)
            return targets.allSatisfy { $0.stringValue.map(pages.has) ?? false }
                ? .pass : .refuse(unknownTarget)
        case .autoAttachRelated, .closeBrowser, .runIfWaitingForDebugger, .disableFetch,
            .continueRequest, .continueResponse, .continueWithAuth, .failRequest, .fulfillRequest,
            .navigate, .reload, .navigateToHistoryEntry:
            return .pass
        }
    }

    /// A page of the size that the browser was created with, unless the call has a size of its own.
    private static func createTarget(_ params: JSONValue?, _ size: PageSize?) -> MethodVerdict {
        guard let size, let members = params?.objectValue,
            !members.contains(where: { $0.name == "width" || $0.name == "height" })
        else { return .pass }
        return .rewrite(
            .object(
                members + [
                    JSONValue.Member("width", .integer(Int64(size.width))),
                    JSONValue.Member("height", .integer(Int64(size.height))),
                ]))
    }

    /// `disposeOnDetach` makes Chromium throw the context away with the session that made it. A
    /// proxy of its own would have no route out of the jail, so it is refused instead of failing
    /// at the first navigation.
    private static func createBrowserContext(_ params: JSONValue?) -> MethodVerdict {
        var members = params?.objectValue ?? []
        let proxies = members.filter { $0.name == "proxyServer" }.map(\.value)
        guard proxies.allSatisfy({ $0 == .null || $0 == .string("") }) else {
            return .refuse(proxied)
        }
        members.removeAll { $0.name == "disposeOnDetach" || $0.name == "proxyServer" }
        members.append(JSONValue.Member("disposeOnDetach", true))
        return .rewrite(.object(members))
    }

    /// Whether `Browser.getWindowForTarget` is asked about a target, not about its own session.
    static func namesTarget(_ params: JSONValue?) -> Bool {
        !values(of: "targetId", params).isEmpty
    }

    /// Children of the old, nested kind cannot be resumed by the bridge, so they must not wait.
    private static func setAutoAttach(_ params: JSONValue?) -> MethodVerdict {
        waits(params) && !isFlat(params) ? .refuse(nestedWait) : .pass
    }

    /// Whether the call asks for children that wait before their first statement.
    static func waits(_ params: JSONValue?) -> Bool {
        values(of: "waitForDebuggerOnStart", params).contains(.bool(true))
    }

    /// Whether they are to be sessions of the flat kind. A name given twice must say so twice.
    private static func isFlat(_ params: JSONValue?) -> Bool {
        let values = values(of: "flatten", params)
        return !values.isEmpty && values.allSatisfy { $0 == .bool(true) }
    }

    private static func values(of name: String, _ params: JSONValue?) -> [JSONValue] {
        (params?.objectValue ?? []).filter { $0.name == name }.map(\.value)
    }
}

extension MethodVerdict {
    static let exposed = CallError.refused(
        "Target.exposeDevToolsProtocol is not available: it would outlive this connection")
    static let enabledPage = CallError.refused(
        "Page.enable is not available to the server's own tasks: a dialog would block them")
    static let proxied = CallError.refused(
        "A browser context cannot have a proxyServer of its own here. "
            + "Name the proxy when the browser is created: the field `proxy` of POST /browsers.")
    /// In Chromium's words; its headless shell crashes instead of saying them.
    static let unknownTarget = CallError.refused("No target with given id")
    static let nestedWait = CallError.refused(
        "Target.setAutoAttach with waitForDebuggerOnStart needs flatten: true")
}
