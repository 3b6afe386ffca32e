// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// All store ports at once: what a server has of its store, whatever its engine.
public protocol SharedStore: ServerRegistry, AssignmentStore, EventBus, AuditLog, Readiness {
    /// Serves the store until the task is cancelled. Calls work while it does.
    func run() async
}

extension FleetStore: SharedStore {}
