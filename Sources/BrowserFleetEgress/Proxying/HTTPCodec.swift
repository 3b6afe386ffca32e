// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

extension HTTPCodec {
    /// For the browser's side. Bytes after a CONNECT are handed on when the decoder leaves.
    static func server(limits: EgressLimits) -> HTTPCodec {
        var configuration = HTTPResponseEncoder.Configuration()
        configuration.automaticallySetFramingHeaders = false
        return HTTPCodec(
            encoder: HTTPResponseEncoder(configuration: configuration),
            decoder: ByteToMessageHandler(
                HTTPRequestDecoder(
                    leftOverBytesStrategy: .forwardBytes,
                    limitConfiguration: limits.decoding(headBytes: limits.requestHeadBytes))))
    }

    /// For the side towards the outside; interim answers (100, 103) are handed on.
    static func client(limits: EgressLimits) -> HTTPCodec {
        var configuration = HTTPRequestEncoder.Configuration()
        configuration.automaticallySetFramingHeaders = false
        return HTTPCodec(
            encoder: HTTPRequestEncoder(configuration: configuration),
            decoder: ByteToMessageHandler(
                HTTPResponseDecoder(
                    leftOverBytesStrategy: .forwardBytes,
                    informationalResponseStrategy: .forward,
                    limitConfiguration: limits.decoding(headBytes: limits.responseHeadBytes))))
    }
}

extension EgressLimits {
    fileprivate func decoding(headBytes: Int) -> NIOHTTPDecoderLimitConfiguration {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = headBytes
        configuration.maxHeaderListSize = headBytes
        configuration.maxHeaderFieldCount = headerFields
        return configuration
    }
}
