"""The headers that tell a browser what a page may do."""

NO_FRAMES = "frame-ancestors 'none'"
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    f"form-action 'self'; {NO_FRAMES}"
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Every visit asks whether there is something newer: a new version is seen at once.
    "Cache-Control": "no-cache",
}
