// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Something about a valid ``ServerName`` that its operator should hear at start.
public enum ServerNameWarning: Hashable, Sendable {
    /// A label has a hyphen, which clients that decode IDs themselves read as two dots.
    ///
    /// Such clients replace every hyphen of the server part by a dot. They reach this server only
    /// through a gateway, which decodes the ID by our rule.
    case hyphenatedLabel(ServerName)
}

extension ServerName {
    /// What to tell the operator about this name; empty for most names.
    public var warnings: [ServerNameWarning] {
        text.utf8.contains(ASCII.hyphen) ? [.hyphenatedLabel(self)] : []
    }
}

extension ServerNameWarning: CustomStringConvertible {
    /// The warning in one line for people.
    public var description: String {
        switch self {
        case .hyphenatedLabel(let name):
            let misread = name.prefix.text.split(separator: "-", omittingEmptySubsequences: false)
                .joined(separator: ".")
            return "the server name \"\(name)\" has a hyphen inside a label: clients that replace "
                + "every hyphen of a browser ID by a dot read it as \"\(misread)\" and reach this "
                + "server only through a gateway; a name without hyphens avoids that"
        }
    }
}
