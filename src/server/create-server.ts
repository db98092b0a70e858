/** `createServer`: the authority's node with sockets and files, alone or beside an app's own `node:http` server. */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { relative, resolve, sep } from 'node:path'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { IbexError } from '../errors.js'
import type { Config } from '../repository/rules.js'
import type { Unsubscribe } from '../signal.js'
import { platformSurroundings } from '../store/surroundings.js'
import { openAuthorityKey } from './authority-key.js'
import { type AuthorityNode, openAuthorityNode } from './authority-node.js'
import { openFileStorage } from './file-disk.js'
import { claimFolder } from './folder-claim.js'
import { nodeCompression } from './node-compression.js'
import { createNodeCrypto } from './node-crypto.js'
import { serveSocket } from './socket.js'
import { serveStatic } from './static-files.js'

export interface ServerOptions {
  /** Schemas, rules and `authenticate`, or a function that loads them: at the start, and at each {@link IbexServer.reload}. */
  readonly config?: Config | (() => Config | undefined | Promise<Config | undefined>)
  /** The folder of the repositories. */
  readonly data: string
  /** The folder of the authority's root key; by default beside the data: `<data>.authority`. Never inside it. */
  readonly authority?: string
  /** Where clients connect. */
  readonly path?: string
  /** A folder with the built app, which is then served too. */
  readonly static?: string
  /** Serve without rules although `NODE_ENV` is `production`: everybody may read and write everything. */
  readonly open?: boolean
  /**
   * Pages of other origins that may connect, like `https://app.example.org`; `*`: all. Pages of the server's own host
   * always may, and so may programs, which have no origin.
   */
  readonly origins?: readonly string[]
  /** The server stands behind a proxy: addresses and hosts are what its `X-Forwarded-…` headers say. */
  readonly trustProxy?: boolean
  /** Connections from one address; from this machine itself there is no limit unless one is given. */
  readonly connectionsPerAddress?: number
  /** What whoever runs the server should know, in sentences; by default it goes to the console. */
  readonly log?: (line: string) => void
}

/** Of a server of `node:http`, `node:https` or `node:http2`, what is needed to take over WebSockets. */
export interface UpgradeSource {
  on(event: 'upgrade', listener: UpgradeListener): unknown
  off(event: 'upgrade', listener: UpgradeListener): unknown
  listenerCount(event: 'upgrade'): number
}

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export interface Listening {
  readonly port: number
  /** For a browser on this machine. */
  readonly url: string
}

/** What `GET /healthz` answers. */
export interface ServerHealth {
  /** False while it starts or shuts down, and while storage fails. */
  readonly ok: boolean
  readonly repositories: number
  readonly connections: number
  /** Seconds. */
  readonly uptime: number
}

export interface IbexServer {
  /** Resolves when data and key are open; rejects where they cannot be. Whoever connects earlier is kept waiting. */
  ready(): Promise<void>
  /**
   * Takes WebSockets of an existing server at its path, and leaves everything else to others. The other server is not
   * closed with this one.
   */
  attach(server: UpgradeSource): Unsubscribe
  /** Answers `/healthz` and static files; what is neither goes to `next`, or is not found. For Express, Connect, Vite. */
  readonly handler: (request: IncomingMessage, response: ServerResponse, next?: () => void) => void
  /** Listens with a server of its own. Port 0: any free one. Rejects with Node's `EADDRINUSE` where the port is busy. */
  listen(port?: number, host?: string): Promise<Listening>
  /** Loads the configuration again. Everybody is asked anew who they are and what they may read. */
  reload(): Promise<void>
  health(): ServerHealth
  /** Takes nothing new, seals and stores what it has, and hangs up. Resolves when all is on disk. */
  close(): Promise<void>
}

/** Bytes of a message; the protocol's own limit is lower. */
const MAX_PAYLOAD: number = 2 * 1024 * 1024
const CONNECTIONS_PER_ADDRESS = 256
/** Milliseconds in which the other ends can say goodbye. */
const GOODBYE_MS = 1000
/** What a WebSocket is closed with when the server goes away (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001

/** Throws `bad-option`, and `unsafe-production` where strangers could do everything. */
export function createServer(options: ServerOptions): IbexServer {
  const { path = '/ibex', origins = [], trustProxy = false } = options
  const log = options.log ?? ((line: string) => console.info(`[ibex] ${line}`))
  const folders = checkFolders(options)
  if (!/^\/[^?#\s]*$/.test(path)) throw new IbexError('bad-option', `path: '${path}' must begin with '/'.`)
  if (typeof options.config !== 'function') requireSafe(options, options.config)
  const serveFiles = options.static === undefined ? undefined : serveStatic(options.static)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD, perMessageDeflate: false })
  const addresses = new Map<string, number>()
  const detach = new Set<Unsubscribe>()
  const began = Date.now()
  let own: Server | undefined
  let node: AuthorityNode | undefined
  let starting: Promise<AuthorityNode> | undefined
  let closing: Promise<void> | undefined
  let release: (() => Promise<void>) | undefined

  async function loadConfig(): Promise<Config | undefined> {
    const config = typeof options.config === 'function' ? await options.config() : options.config
    requireSafe(options, config)
    return config
  }

  async function open(): Promise<AuthorityNode> {
    const config = await loadConfig()
    const crypto = createNodeCrypto({ threads: true })
    const key = await openAuthorityKey(folders.authority, crypto, log)
    const storage = await openFileStorage(folders.data)
    release ??= await claimFolder(folders.data)
    node = await openAuthorityNode({
      storage,
      crypto,
      key,
      surroundings: platformSurroundings(),
      config,
      compression: nodeCompression,
      log,
    })
    return node
  }

  /** Tried again by the next who asks, where it failed. */
  function start(): Promise<AuthorityNode> {
    starting ??= open().catch((error: unknown) => {
      starting = undefined
      log(`The server cannot start: ${error instanceof Error ? error.message : String(error)}`)
      throw error
    })
    return starting
  }

  function mayConnect({ headers }: IncomingMessage): boolean {
    const { origin } = headers
    if (origin === undefined || origins.includes('*') || origins.includes(origin)) return true
    const host = (trustProxy && lastOf(headers['x-forwarded-host'])) || headers.host
    try {
      return new URL(origin).host === host
    } catch {
      return false
    }
  }

  function addressOf({ headers, socket }: IncomingMessage): string {
    return (trustProxy && lastOf(headers['x-forwarded-for'])) || socket.remoteAddress || ''
  }

  function limitOf(address: string): number {
    const { connectionsPerAddress } = options
    if (connectionsPerAddress !== undefined) return connectionsPerAddress
    return /^(::1|(::ffff:)?127\.)/.test(address) ? Number.POSITIVE_INFINITY : CONNECTIONS_PER_ADDRESS
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until `ws` takes over, nobody else listens.
    const ignore = (): void => {}
    socket.on('error', ignore)
    const refuse = (status: string, text: string): void => {
      socket.end(
        `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
      )
    }
    if (closing) return refuse('503 Service Unavailable', 'The server is shutting down.')
    if (!mayConnect(request)) {
      log(`Refused a page of ${request.headers.origin}. If it is yours, name it in the server's option origins.`)
      return refuse('403 Forbidden', 'Pages of this origin may not connect.')
    }
    const address = addressOf(request)
    const count = addresses.get(address) ?? 0
    if (count >= limitOf(address)) return refuse('429 Too Many Requests', 'Too many connections from this address.')
    addresses.set(address, count + 1)
    const leave = (): void => {
      const left = (addresses.get(address) ?? 1) - 1
      if (left > 0) addresses.set(address, left)
      else addresses.delete(address)
    }
    socket.once('close', leave)
    let authority: AuthorityNode
    try {
      authority = await start()
    } catch {
      return refuse('503 Service Unavailable', 'The server cannot start.')
    }
    if (socket.destroyed) return undefined
    if (closing) return refuse('503 Service Unavailable', 'The server is shutting down.')
    socket.off('error', ignore)
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      const { transport, backlog, charge } = serveSocket(webSocket)
      authority.accept(transport, { headers: request.headers, backlog, charge })
    })
    return undefined
  }

  async function answerHealth(response: ServerResponse): Promise<void> {
    // Beside a server of others it begins with the first who asks.
    if (!closing) await start().catch(() => {})
    const health = server.health()
    response.writeHead(health.ok ? 200 : 503, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    response.end(JSON.stringify(health))
  }

  const handler: IbexServer['handler'] = (request, response, next) => {
    const pathname = pathOf(request)
    if (pathname === '/healthz') {
      void answerHealth(response)
    } else if (pathname === path) {
      answer(response, 426, 'This is where Ibex syncs: connect with a WebSocket.', { Upgrade: 'websocket' })
    } else {
      const otherwise = next ?? ((): void => answer(response, 404, 'Not found.'))
      if (serveFiles) serveFiles(request, response, otherwise)
      else otherwise()
    }
  }

  /** `alone`: nobody else answers on this server. */
  function take(server: UpgradeSource, alone: boolean): Unsubscribe {
    const listener = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      if (pathOf(request) === path) void upgrade(request, socket, head)
      else if (alone || server.listenerCount('upgrade') === 1) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      }
    }
    server.on('upgrade', listener)
    const undo = (): void => {
      server.off('upgrade', listener)
      detach.delete(undo)
    }
    detach.add(undo)
    return undo
  }

  async function shutDown(): Promise<void> {
    const http = own
    const stopped = http && new Promise<void>((done) => http.close(() => done()))
    http?.closeIdleConnections()
    // Whoever comes meanwhile is told to come back later; so listeners stay until the sockets are closed.
    const authority = node ?? (await starting?.catch(() => undefined))
    await authority?.settle()
    // What was just sealed goes out before the goodbye.
    await new Promise((done) => setImmediate(done))
    await Promise.all([...sockets.clients].map((socket) => goodbye(socket)))
    await authority?.close()
    await release?.()
    for (const undo of detach) undo()
    http?.closeAllConnections()
    await stopped
  }

  const server: IbexServer = {
    ready: async () => void (await start()),
    attach: (other) => take(other, false),
    handler,
    async listen(port = 8080, host) {
      if (own) throw new IbexError('bad-option', 'The server listens already.')
      await start()
      const http = createHttpServer((request, response) => handler(request, response))
      await new Promise<void>((done, failed) => {
        http.once('error', failed)
        http.listen(port, host, () => {
          http.off('error', failed)
          done()
        })
      })
      own = http
      take(http, true)
      const address = http.address() as AddressInfo
      return { port: address.port, url: `http://${nameOf(address.address)}:${address.port}/` }
    },
    async reload() {
      const config = await loadConfig()
      if (starting) (await starting).configure(config)
    },
    health() {
      const state = node?.health() ?? { ok: false, repositories: 0, connections: 0 }
      return { ...state, ok: state.ok && !closing, uptime: Math.floor((Date.now() - began) / 1000) }
    },
    close: () => (closing ??= shutDown()),
  }
  return server
}

/** Without rules everybody may do everything; that is for a developer's own machine. */
function requireSafe({ open = false }: ServerOptions, config: Config | undefined): void {
  if (process.env['NODE_ENV'] !== 'production' || config?.rules || open) return
  throw new IbexError(
    'unsafe-production',
    'NODE_ENV is production, and there are no rules: every visitor could read, change and delete everything. Write rules into ibex.config.ts (defineConfig({ schemas, rules: [rule("/data/main", { … })] })) and pass it, or say that this is meant with open: true (ibex serve --open).',
  )
}

function checkFolders({ data, authority }: ServerOptions): { data: string; authority: string } {
  if (typeof data !== 'string' || data === '') {
    throw new IbexError('bad-option', 'createServer({ data }) needs the folder of the data.')
  }
  const folder = resolve(data)
  const key = resolve(authority ?? `${folder}.authority`)
  const way = relative(folder, key)
  if (way === '' || !(way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way)) {
    throw new IbexError(
      'bad-option',
      `authority: ${key} lies inside the data folder. Whoever copies, restores or wipes the data must not take the key along.`,
    )
  }
  return { data: folder, authority: key }
}

function goodbye(socket: WebSocket): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(() => {
      socket.terminate()
      done()
    }, GOODBYE_MS)
    socket.once('close', () => {
      clearTimeout(timer)
      done()
    })
    // The answer to the goodbye must be read.
    socket.resume()
    socket.close(GOING_AWAY, 'The server is going away.')
  })
}

function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers })
  response.end(text)
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split(/[?#]/, 1)[0]!
}

/** The value that the nearest proxy added. */
function lastOf(header: string | string[] | undefined): string | undefined {
  return [header].flat().join(',').split(',').at(-1)?.trim() || undefined
}

function nameOf(address: string): string {
  if (address === '::' || address === '0.0.0.0' || address === '127.0.0.1' || address === '::1') return 'localhost'
  return address.includes(':') ? `[${address}]` : address
}
