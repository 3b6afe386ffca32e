// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Foundation

/// Discovery documents of the fleet, told as if the browser listened at the forwarded port.
enum ForwardedDiscovery {
    /// The text of an answer with its addresses replaced; `nil` if it is not JSON.
    static func text(of body: Data, host: String, browser: String) -> String? {
        let tree = try? JSONParser.parse(Array(body))
        return tree.map { rewritten($0, host: host, browser: browser).text }
    }

    /// The document with its addresses replaced: `host` is what the asker called this port,
    /// `browser` stands in the browser's own address.
    static func rewritten(_ tree: JSONTree, host: String, browser: String) -> JSONTree {
        switch tree {
        case .array(let pages): .array(pages.map { rewritten($0, host: host, browser: browser) })
        case .object(let members): .object(members.map { rewritten($0, in: tree, host, browser) })
        case .null, .boolean, .integer, .number, .string: tree
        }
    }

    private static func rewritten(
        _ member: JSONMember, in tree: JSONTree, _ host: String, _ browser: String
    ) -> JSONMember {
        let page = tree["id"]?.string
        let path = page.map { "/devtools/page/\($0)" } ?? "/devtools/browser/\(browser)"
        switch member.name {
        case "webSocketDebuggerUrl":
            return JSONMember(member.name, .string("ws://\(host)\(path)"))
        case "devtoolsFrontendUrl":
            let frontEnd = "devtools://devtools/bundled/inspector.html?ws=\(host)\(path)"
            return JSONMember(member.name, .string(frontEnd))
        case _: return member
        }
    }
}
