// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
import Logging
import Synchronization

extension FleetDriver {
    /// Takes a server's report.
    ///
    /// - Parameters:
    ///   - heartbeat: the report.
    ///   - id: what the server calls itself.
    ///   - word: what an operator last said of it, as it knows.
    /// - Returns: what is made of it.
    public func hear(
        _ heartbeat: Heartbeat, from id: ServerID?, word: OperatorWord? = nil
    ) -> HeartbeatAnswer {
        withState { state in
            state.answer = nil
            feed(.fleet(.heartbeat(heartbeat)), &state)
            let answer = state.answer ?? .tooMany
            guard case .accepted = answer else { return answer }
            if let id { state.serverIDs[heartbeat.server] = id }
            take(word, of: heartbeat.server, &state)
            return answer
        }
    }

    /// What an operator last said of a server, as far as is known here.
    public func word(of server: ServerName) -> OperatorWord? { withState { $0.words[server] } }

    /// Takes an operator's word that somebody passed on, if it is later than what is known.
    func take(_ word: OperatorWord?, of server: ServerName) {
        withState { take(word, of: server, &$0) }
    }

    private func take(_ word: OperatorWord?, of server: ServerName, _ state: inout State) {
        guard let word, word.replaces(state.words[server]) else { return }
        state.words[server] = word
        feed(.fleet(.marked(server, word.isDraining ? .drain : .activate)), &state)
        // What is said of this process its gateways hear at once.
        if server == settings.own.name { pulse.beat() }
    }

    /// Takes a server's good-bye.
    public func hearGoodbye(of server: ServerName, _ epoch: ServerEpoch) {
        feed(.fleet(.left(server, epoch)))
    }

    /// Takes this server's own report.
    func hearOwn() {
        guard let heartbeat = nextHeartbeat() else { return }
        let answer = hear(heartbeat, from: settings.own.id)
        if case .stale(let newest) = answer, hold.refused(newest: newest) { pulse.beat() }
    }

    /// The next report of this server; `nil` while it does not have its name.
    func nextHeartbeat() -> Heartbeat? {
        guard let (epoch, sequence) = hold.next() else { return nil }
        let own = settings.own
        return Heartbeat(
            server: own.name, endpoint: own.endpoint, epoch: epoch, sequence: sequence,
            fields: own.fields, report: ownReport())
    }

    /// How this server is, with what operators of gateways want of it.
    public func ownReport() -> ServerReport {
        var report = report()
        guard report.isAccepting, let obstacle else { return report }
        report.isAccepting = false
        report.reason = obstacle
        return report
    }

    private var obstacle: String? {
        if word(of: settings.own.name)?.isDraining == true { return "draining" }
        return hold.mayTake ? nil : "store-unavailable"
    }

    /// This server's report for a gateway that asks.
    ///
    /// - Parameter known: what the gateway knows of this server.
    /// - Returns: the report; `nil` while the process does not have its name.
    public func answer(knowing known: KnownOfServer) -> Heartbeat? {
        take(known.word, of: settings.own.name)
        if let newest = known.newest, let own = hold.epoch, newest.process != own.process,
            newest.number >= own.number, hold.refused(newest: newest.number)
        {
            pulse.beat()
        }
        guard let epoch = hold.epoch else { return nil }
        let own = settings.own
        return Heartbeat(
            server: own.name, endpoint: own.endpoint, epoch: epoch, sequence: 0,
            fields: own.fields, report: ownReport())
    }

    /// Something about this server changed that gateways should hear of at once: it has room again,
    /// or takes no more.
    public func reportSoon() { pulse.beat() }

    // MARK: What is known

    /// All servers, by name.
    public var rows: [ServerRow] { withState { $0.machine.view.rows } }

    /// One server, by its name or by what it calls itself.
    public func row(_ text: String) -> ServerRow? {
        withState { state in
            if let name = try? ServerName(text), let row = state.machine.view.row(of: name) {
                return row
            }
            guard let name = state.serverIDs.first(where: { $0.value.text == text })?.key else {
                return nil
            }
            return state.machine.view.row(of: name)
        }
    }

    /// The servers that a wish may be met by, best first by the operator's strategy or another.
    public func candidates(
        for wish: PlacementWish, most: Int, by strategy: PlacementStrategy? = nil
    ) -> [ServerRow] {
        withState { state in
            let view = state.machine.view
            var random = SystemRandomNumberGenerator()
            return view.candidates(for: wish, most: most, by: strategy, using: &random)
                .compactMap { view.row(of: $0) }
        }
    }

    /// What a server calls itself, if it ever said.
    public func serverID(of name: ServerName) -> ServerID? {
        withState { $0.serverIDs[name] }
    }

    /// Create calls that wait here for a server with room.
    public var waiting: Int { withState { $0.machine.broker.waiting } }

    /// How busy the fleet is, and what to do about its size.
    public func advise() -> (load: FleetLoad, action: ScalingAdvice.Action) {
        let now = clock.now
        return withState { state in
            let load = FleetLoad(state.machine.view.rows, waiting: state.machine.broker.waiting)
            return (load, state.advice.observe(load, at: now))
        }
    }

    // MARK: What operators say

    /// Enters a server by hand, or says anew what was said.
    public func enter(_ entry: ServerEntry, id: ServerID?) {
        withState { state in
            if let id { state.serverIDs[entry.name] = id }
            feed(.fleet(.entered(entry)), &state)
        }
    }

    /// Forgets a server.
    public func remove(_ name: ServerName) {
        withState { state in
            state.serverIDs[name] = nil
            state.words[name] = nil
            state.strangers[name] = nil
            feed(.fleet(.removed(name)), &state)
        }
    }

    /// Takes an operator's word about a server. That it is to drain, or no longer, reaches the
    /// server itself, and through it every gateway.
    public func mark(_ name: ServerName, _ mark: ServerMark) {
        withState { state in
            switch mark {
            case .drain, .activate:
                let word = OperatorWord(
                    isDraining: mark == .drain, after: state.words[name],
                    unixMilliseconds: clock.unixMilliseconds)
                take(word, of: name, &state)
            case .healthy, .unhealthy, .byChecks: feed(.fleet(.marked(name, mark)), &state)
            }
        }
    }

    /// Asks a server for its report now, whatever the rhythm of checks.
    public func check(_ row: ServerRow) async -> ProbeAnswer? {
        await ask(
            row.name, at: row.endpoint, knowing: row.epoch,
            patience: settings.limits.checkTimeout, isFresh: false)
    }

    /// Asks a server for its report, and tells it what is known of it.
    func ask(
        _ name: ServerName, at endpoint: ServerEndpoint, knowing newest: ServerEpoch?,
        patience: Duration, isFresh: Bool
    ) async -> ProbeAnswer? {
        let heard = await peers.report(
            of: endpoint, telling: KnownOfServer(newest: newest, word: word(of: name)),
            patience: patience, isFresh: isFresh)
        guard let heard else { return nil }
        guard heard.server == name else {
            noteStranger(heard.server, at: endpoint, insteadOf: name)
            return nil
        }
        take(heard.word, of: name)
        return heard.answer
    }

    /// Somebody else answers where a server should: its address went to another, or the settings
    /// name it wrongly. That is no word of the server that was asked. Said once for each.
    private func noteStranger(
        _ stranger: ServerName, at endpoint: ServerEndpoint, insteadOf name: ServerName
    ) {
        let isNews = withState { $0.strangers.updateValue(stranger, forKey: name) != stranger }
        guard isNews else { return }
        logger.warning(
            "another server answers; in SERVERS write NAME=URL, with the server's DOMAIN as NAME",
            metadata: ["asked": "\(name)", "answers": "\(stranger)", "at": "\(endpoint)"])
    }
}
