// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

extension FleetDriver: Forwarding {
    /// Who answers a request about a browser: what the view knows of the server that its ID names,
    /// else an allowed domain, else, for an ID that names none, the fallback server.
    public func decide(browserID: BrowserID) -> ForwardDecision {
        guard isGateway else { return .local }
        guard let prefix = browserID.serverPrefix ?? settings.fallback?.prefix else {
            return .refuse(.ownerUnknown)
        }
        switch withState({ $0.machine.owner(of: prefix) }) {
        case .own: return .local
        case .reachable(let name, let endpoint): return .remote(name, endpoint)
        case .unreachable(let name, let endpoint):
            return .remote(name, endpoint, isSilent: true)
        case .lost: return .refuse(.serverLost)
        case .unknown: return derive(ServerName(decoding: prefix))
        }
    }

    /// Hears how a forwarded request fared.
    public func outcome(of server: ServerName, failed: Bool) {
        feed(.fleet(.called(server, failed: failed)))
    }

    /// Registers what is done for each server that is silent, or whose browsers are gone.
    public func onFailure(_ action: @escaping @Sendable (ServerName, ServerFailure) -> Void) {
        onNews { news in
            switch news {
            case .silent(let name): action(name, .silent)
            case .lost(let name), .replaced(let name, _): action(name, .lost)
            case .returned, .changed: break
            }
        }
    }

    /// Registers somebody who hears what happens to servers, in the order in which it does. Called
    /// by the driver's own task, which waits: hand the news on and return.
    public func onNews(_ action: @escaping @Sendable (FleetNews) -> Void) {
        withState { $0.listeners.append(action) }
    }

    /// Who owns a browser, and by which rule that was found; `nil` if nobody is known to.
    public func owner(of browserID: BrowserID) -> (standing: OwnerStanding, rule: Route.Rule)? {
        guard let prefix = browserID.serverPrefix ?? settings.fallback?.prefix else { return nil }
        let standing = withState { $0.machine.owner(of: prefix) }
        let named: Route.Rule = standing == .own ? .ownName : .directory
        let rule = browserID.serverPrefix == nil ? .fallback : named
        guard standing == .unknown else { return (standing, rule) }
        let name = ServerName(decoding: prefix)
        guard case .remote(_, let endpoint, _) = derive(name) else { return nil }
        return (.reachable(name, endpoint), rule == .fallback ? rule : .domainSuffix)
    }

    private func derive(_ name: ServerName) -> ForwardDecision {
        for suffix in settings.suffixes {
            if let endpoint = suffix.endpoint(of: name) { return .remote(name, endpoint) }
        }
        return .refuse(.ownerUnknown)
    }
}
