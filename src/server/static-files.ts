/** The app's own files: built by a bundler, with `index.html` for every address that the app handles itself. */
import { statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { resolve } from 'node:path'
import sirv from 'sirv'
import { IbexError } from '../errors.js'

/** `index-BxK3d9Qz.js`, `logo.4f3e2d1c.svg`: a name that changes with the content. */
const HASHED = /[.-](?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{8,}\.[a-z0-9]+(\.map)?$/

export type RequestHandler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

/** Serves `folder`; throws `bad-option` where there is none. */
export function serveStatic(folder: string): RequestHandler {
  const root = resolve(folder)
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new IbexError('bad-option', `There is no folder ${root} to serve. Build the app first.`)
  }
  const serve = sirv(root, {
    // Looks at the disk for every request: with a list made at the start, an app that is built anew under a running server
    // would be served in parts, and a file that is gone would end the process.
    dev: true,
    single: true,
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders(response, pathname) {
      const cached = HASHED.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache'
      response.setHeader('Cache-Control', cached)
      response.setHeader('X-Content-Type-Options', 'nosniff')
    },
  })
  return (request, response, next) => {
    const served = (request.method === 'GET' || request.method === 'HEAD') && !isHidden(request.url ?? '/')
    if (served) serve(request, response, next)
    else next()
  }
}

/** `.env`, `.git`: what lies in the folder by mistake. */
function isHidden(url: string): boolean {
  try {
    return /[\\/]\.(?!well-known[\\/])/.test(decodeURIComponent(url.split(/[?#]/, 1)[0]!))
  } catch {
    return true
  }
}
