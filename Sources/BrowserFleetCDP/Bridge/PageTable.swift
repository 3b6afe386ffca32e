// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The pages of the browser, and who made each.
struct PageTable: Equatable, Sendable {
    /// Who made a page.
    struct Maker: Equatable, Sendable {
        let client: ClientID
        let isInternal: Bool
    }

    private struct Page: Equatable, Sendable {
        /// Counts up, so that pages have an order that does not depend on hashing.
        let number: Int
        var maker: Maker?
        var address = ""
    }

    private var pages: [String: Page] = [:]
    private var nextNumber = 0

    /// How many pages there are.
    var count: Int { pages.count }

    /// The pages there are, oldest first.
    var names: [String] { pages.sorted { $0.value.number < $1.value.number }.map(\.key) }

    /// Whether there is a page of this name.
    func has(_ page: String) -> Bool { pages[page] != nil }

    /// Whether there is a page of a task of ours.
    var hasInternal: Bool { pages.values.contains { $0.maker?.isInternal == true } }

    /// Who made `page`; nil for the one that was there from the start, and for unknown ones.
    func maker(of page: String) -> Maker? { pages[page]?.maker }

    /// A page came up; one opened by another page has the maker of that.
    mutating func appeared(_ page: String, opener: String?, address: String) {
        let inherited = opener.flatMap { pages[$0]?.maker }
        withPage(page) {
            $0.maker = $0.maker ?? inherited
            $0.address = address
        }
    }

    /// A call of `maker` made `page`.
    mutating func made(_ page: String, by maker: Maker) {
        withPage(page) { $0.maker = maker }
    }

    /// A page has `address` now. True if that is another one than before.
    mutating func moved(_ page: String, to address: String) -> Bool {
        withPage(page) { page in
            defer { page.address = address }
            return page.address != address
        }
    }

    /// A page is gone. True if it was there.
    mutating func vanished(_ page: String) -> Bool {
        pages.removeValue(forKey: page) != nil
    }

    /// The pages that `client` made, oldest first.
    func made(by client: ClientID) -> [String] {
        pages.filter { $0.value.maker?.client == client }
            .sorted { $0.value.number < $1.value.number }.map(\.key)
    }

    private mutating func withPage<Result>(
        _ page: String, _ change: (inout Page) -> Result
    ) -> Result {
        if pages[page] == nil { nextNumber += 1 }
        return change(&pages[page, default: Page(number: nextNumber)])
    }
}
