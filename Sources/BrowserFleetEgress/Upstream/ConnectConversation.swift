// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6).
struct ConnectConversation: UpstreamConversation {
    let opening: [UInt8]
    private var reply: ConnectReply

    /// `bound` is how many bytes the head of the reply may have.
    init(target: EgressTarget, credentials: ProxyCredentials?, bound: Int) {
        let authority = target.authority
        var head = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n"
        if let credentials {
            head += "Proxy-Authorization: \(credentials.authorization)\r\n"
        }
        opening = Array((head + "\r\n").utf8)
        reply = ConnectReply(bound: bound)
    }

    mutating func take(_ more: some Sequence<UInt8>) -> UpstreamStep {
        switch reply.take(more) {
        case .incomplete: .incomplete
        case .malformed: .failed(.proxyRefused)
        case .status(200...299, let rest): .open(rest: rest)
        case .status(407, _): .failed(.proxyAuthenticationFailed)
        case .status: .failed(.proxyRefused)
        }
    }
}
