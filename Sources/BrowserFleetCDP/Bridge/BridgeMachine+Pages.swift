// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

// Which pages there are, who made them, and which was used last.
extension BridgeMachine {
    /// A page came up: made by a call, or opened by another page, whose maker it then has.
    mutating func pageAppeared(_ info: JSONValue, into actions: inout [Action]) {
        guard let page = info["targetId"]?.stringValue, info["type"] == "page" else { return }
        pageTable.appeared(
            page, opener: info["openerId"]?.stringValue, address: info["url"]?.stringValue ?? "")
        guard let maker = pageTable.maker(of: page), clients.find(maker.client) == nil else {
            return
        }
        closePage(page, into: &actions)
    }

    /// Takes the answer to a client's `Target.createTarget`.
    mutating func pageMade(
        _ message: borrowing Span<UInt8>, from place: Int, into actions: inout [Action]
    ) {
        guard let range = JSONText.stringRange(in: message, path: ["result", "targetId"]) else {
            return
        }
        let client = clients.places[sessions.places[place].client]
        let page = JSONReader.string(message, in: range)
        isDeadlineStale = true
        pageTable.made(page, by: PageTable.Maker(client: client.id, isInternal: client.isInternal))
        if client.phase == .leaving { closePage(page, into: &actions) }
    }

    mutating func closePage(_ page: String, into actions: inout [Action]) {
        call("Target.closeTarget", ["targetId": .string(page)], into: &actions)
    }

    /// The client at `place` attached to `page` or sent it somewhere.
    func touch(_ page: String, by place: Int, into actions: inout [Action]) {
        guard !clients.places[place].isInternal else { return }
        touch(page, into: &actions)
    }

    /// Pages of our own tasks are nobody's last page.
    func touch(_ page: String, into actions: inout [Action]) {
        guard pageTable.maker(of: page)?.isInternal != true else { return }
        actions.append(.pageTouched(targetID: page))
    }
}
