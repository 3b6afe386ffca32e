// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Logging

/// Why a request is not served.
enum EgressProblem: Error, Hashable {
    case refused(EgressRefusal)
    case failed(EgressFailure)

    /// The one word for answers, logs and metrics.
    var word: String {
        switch self {
        case .refused(let refusal): refusal.rawValue
        case .failed(let failure): failure.rawValue
        }
    }

    var verb: String {
        switch self {
        case .refused: "refused"
        case .failed: "failed"
        }
    }

    var logLevel: Logger.Level {
        switch self {
        case .refused, .failed(.proxyAuthenticationFailed): .info
        case .failed: .debug
        }
    }

    /// The status of the answer to the browser.
    ///
    /// 407 without a `Proxy-Authenticate` that Chromium knows makes it fail a tunnel with
    /// `ERR_PROXY_AUTH_UNSUPPORTED`, the only word by which a page's client can learn the reason,
    /// and ask nobody for a password.
    var status: Int {
        switch self {
        case .refused(.target): 400
        case .refused: 403
        case .failed(.proxyAuthenticationFailed): 407
        case .failed(.timeout): 504
        case .failed: 502
        }
    }

    /// The body of the answer to the browser; says nothing of addresses, users or passwords.
    var text: String {
        switch self {
        case .refused: "BrowserFleet does not let this browser go there (\(word)).\n"
        case .failed(.proxyAuthenticationFailed):
            "The proxy of this browser does not take the user and password it was created with "
                + "(\(word)).\n"
        case .failed: "BrowserFleet could not reach that place (\(word)).\n"
        }
    }
}
