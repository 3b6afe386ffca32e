// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetClient
import BrowserFleetRuntime
import Foundation

/// How a command ended, for scripts.
enum ExitStatus: Int32, Sendable {
    /// It did what it was asked to.
    case done = 0
    /// It could not.
    case failed = 1
    /// It was asked in a way it does not understand.
    case usage = 2
    /// What it was asked about does not exist.
    case notFound = 3
    /// The server said no.
    case refused = 4
    /// No server answered.
    case unreachable = 5

    /// Says on stderr what went wrong and ends the process.
    static func leave(after error: any Error) -> Never {
        if let failure = CommandFailure(error) {
            Talk.error(failure.message)
            if let next = failure.next { Talk.say("next: \(next)") }
            exit(failure.status.rawValue)
        }
        let code = Fleetctl.exitCode(for: error)
        let message = Fleetctl.fullMessage(for: error)
        if code == .success {
            print(message)
            exit(ExitStatus.done.rawValue)
        }
        if !message.isEmpty { Talk.say(message) }
        exit(code == .validationFailure ? ExitStatus.usage.rawValue : code.rawValue)
    }
}

/// An end that the person at the terminal should understand.
struct CommandFailure: Error, Equatable {
    /// The exit code.
    var status: ExitStatus
    /// One or more lines: what went wrong. No secrets.
    var message: String
    /// The next useful command.
    var next: String?

    init(_ status: ExitStatus, _ message: String, next: String? = nil) {
        self.status = status
        self.message = message
        self.next = next
    }

    /// The failure behind an error; `nil` if it is one of the argument parser.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as FleetClientError: self.init(error)
        case let error as LaunchError:
            self.init(.failed, "\(error.message) \(error.remedy)", next: "fleetctl doctor")
        case let error as SettingsProblems:
            self.init(.usage, error.description, next: "fleetctl config check")
        case let error as SettingsProblem:
            self.init(.usage, error.description, next: "fleetctl config check")
        case is CleanExit, is ExitCode, is ValidationError: return nil
        case _ where Self.isParsers(error): return nil
        case _: self.init(.failed, "\(error)")
        }
    }

    /// Whether the argument parser knows what to say: of wrong usage, or of what is no failure at
    /// all, such as a completion script that was asked for.
    private static func isParsers(_ error: any Error) -> Bool {
        let code = Fleetctl.exitCode(for: error)
        return code == .validationFailure || code == .success
    }

    private init(_ error: FleetClientError) {
        switch error.code {
        case .unreachable:
            let next =
                error.url?.host() == "127.0.0.1"
                ? "fleetctl serve" : "export FLEET_URL=… with the URL of the fleet"
            self.init(.unreachable, error.message, next: next)
        case .invalidID:
            self.init(.usage, error.message, next: "fleetctl browsers list")
        case .refused: self.init(refused: error)
        case _: self.init(.failed, error.message)
        }
    }

    private init(refused error: FleetClientError) {
        switch error.status {
        case 404, 410: self.init(.notFound, error.message, next: "fleetctl browsers list")
        case 401, 403:
            self.init(
                .refused, error.message, next: "export FLEET_API_KEY=… with a key of this fleet")
        case 429, 503: self.init(.refused, error.message, next: "fleetctl browsers list")
        case _: self.init(.refused, error.message)
        }
    }
}
