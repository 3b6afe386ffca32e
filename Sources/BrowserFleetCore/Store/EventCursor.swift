// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where one reader of the fleet's events stands, and where it reads on: in its server's window,
/// or, as long as it comes from further back, in the store.
///
/// A reader keeps nothing waiting: what it has not read stands in the window. One that had caught
/// up and then falls out of the window reads too slowly.
public struct EventCursor: Equatable, Sendable {
    /// One event and where it stands.
    public typealias Item = LogPage<FleetEvent>.Item

    /// What the reader does next.
    public enum Step: Equatable, Sendable {
        /// It takes these.
        case take([Item])
        /// It asks the store what stands behind a position, and tells the cursor.
        case ask(after: LogPosition)
        /// It waits for news.
        case wait
        /// It is given up.
        case tooSlow
    }

    /// Behind which position it reads on: what `Last-Event-ID` names.
    public private(set) var position: LogPosition
    /// In which life of the window it had caught up.
    private var caughtUp: Int?

    /// Creates a reader behind a position.
    public init(after position: LogPosition) { self.position = position }

    /// Says what comes next.
    ///
    /// - Parameters:
    ///   - window: what the server has; `nil` before it has heard from the store.
    ///   - limit: how many events the reader takes at once.
    /// - Returns: what the reader does.
    public mutating func step(in window: EventWindow?, limit: Int) -> Step {
        guard let window else { return .ask(after: position) }
        switch window.read(after: position, limit: limit) {
        case .items(let items):
            caughtUp = window.restarts
            position = items.last?.position ?? position
            return .take(items)
        case .nothing:
            caughtUp = window.restarts
            return .wait
        case .outside:
            let isSlow = caughtUp == window.restarts && position < window.base
            return isSlow ? .tooSlow : .ask(after: position)
        }
    }

    /// Takes what the store answered.
    ///
    /// Behind a gap the reader goes on with what there is, else with what comes.
    public mutating func take(_ page: LogPage<FleetEvent>, window: EventWindow?) {
        if let last = page.items.last {
            position = last.position
        } else if page.isGap {
            position = window?.newest ?? .origin
        }
    }
}
