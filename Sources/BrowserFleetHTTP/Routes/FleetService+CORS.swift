// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import HTTPTypes
import HummingbirdCore

extension FleetService {
    /// Endpoints whose path fits, with the path's values.
    func endpoints(
        at target: RequestTarget
    ) -> [(endpoint: Endpoint<Launcher>, values: [String: String])] {
        routes.compactMap { endpoint in
            endpoint.path.match(target.segments).map { (endpoint, $0) }
        }
    }

    /// The answer to a preflight of an allowed page; `nil` if the request is none.
    func preflight(_ request: Request) -> Response? {
        guard let origin = request.headers[.origin], hosts.names(origin: origin),
            request.headers[.accessControlRequestMethod] != nil
        else { return nil }
        var response = Response.empty(.noContent)
        response.headers[.accessControlAllowMethods] = methods(request).joined(separator: ", ")
        response.headers[.accessControlAllowHeaders] = "authorization, content-type, x-api-key"
        response.headers[.accessControlMaxAge] = "600"
        return response
    }

    /// Lets pages of allowed origins read the answer.
    func addCORS(to response: inout Response, _ request: Request) {
        guard let origin = request.headers[.origin], hosts.names(origin: origin) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] = "location, retry-after"
        response.headers[.vary] = "origin"
    }

    /// Names the methods of the path.
    func addAllow(to response: inout Response, _ request: Request) {
        response.headers[.allow] = methods(request).joined(separator: ", ")
    }

    private func methods(_ request: Request) -> [String] {
        guard let target = RequestTarget(request.head.path ?? "/") else { return [] }
        let methods = endpoints(at: target).map(\.endpoint.method.rawValue)
        return methods.contains("GET") ? methods + ["HEAD"] : methods
    }

    /// The method as a label: anybody can make methods up, and series live for ever.
    static func methodLabel(_ method: HTTPRequest.Method) -> String {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        return known.contains(method) ? method.rawValue : "other"
    }
}
