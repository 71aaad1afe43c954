/**
 * Imported before uWebSockets.js is loaded, which reads this variable then: bytes of a request's headers. Cookies of
 * single sign-on exceed its default of 4 KiB. The number of headers, at most 100, is compiled into it.
 */
process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= String(16 * 1024);
