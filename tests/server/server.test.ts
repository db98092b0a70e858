import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { sha256 } from '../../src/crypto/sha256.js'
import { decodeCommit } from '../../src/graph/commit.js'
import { rule } from '../../src/repository/rules.js'
import { createServer, type IbexServer, type ServerOptions } from '../../src/server/create-server.js'
import { type SocketClient, socketClient, until } from './socket-client.js'
import { Task } from './world.js'

let folder: string
const cleanups: (() => unknown)[] = []
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ibex-server-'))))
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

const said: string[] = []
function make(options: Partial<ServerOptions> = {}): IbexServer {
  const server = createServer({ data: join(folder, 'data'), log: (line) => said.push(line), ...options })
  cleanups.push(() => server.close())
  return server
}

/** A server that listens, and its address for WebSockets. */
async function listen(options: Partial<ServerOptions> = {}): Promise<{ server: IbexServer; http: string; ws: string }> {
  const server = make(options)
  const { port } = await server.listen(0, '127.0.0.1')
  return { server, http: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/ibex` }
}

async function client(...args: Parameters<typeof socketClient>): Promise<SocketClient> {
  const made = await socketClient(...args)
  cleanups.push(() => made.store.close())
  return made
}

/** The status by which a WebSocket was refused, or 101. */
function statusOf(url: string, options: { headers?: Record<string, string>; origin?: string } = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options)
    cleanups.push(() => socket.terminate())
    socket.on('open', () => resolve(101))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!))
    socket.on('error', reject)
  })
}

test('two clients converge over sockets, and a restarted server has everything', async () => {
  const first = await listen()
  const [a, b] = [await client(first.ws), await client(first.ws)]
  const task = a.tasks.create({ title: 'one' })
  await a.store.synced()
  await until(() => b.tasks.get(task.$id), 'b has the task')
  b.tasks.update(task.$id, { done: true })
  a.tasks.update(task.$id, (t) => t.votes.increment(2))
  await Promise.all([a.store.synced(), b.store.synced()])
  await until(() => a.tasks.get(task.$id)?.done && b.tasks.get(task.$id)?.votes === 2, 'both have both')
  expect(a.tasks.get(task.$id)).toEqual(b.tasks.get(task.$id))
  await Promise.all([a.store.close(), b.store.close()])
  await first.server.close()
  const second = await listen()
  const late = await client(second.ws)
  await until(() => late.tasks.get(task.$id), 'the restarted server has it')
  expect(late.tasks.get(task.$id)).toMatchObject({ title: 'one', done: true, votes: 2 })
})

test('clients connect again by themselves when the server comes back, and nothing is lost', async () => {
  const { server, ws } = await listen()
  const port = Number(new URL(ws).port)
  const a = await client(ws)
  a.tasks.create({ title: 'before' })
  await a.store.synced()
  await server.close()
  await until(() => a.store.status().connection === 'offline', 'the client has noticed')
  a.tasks.create({ title: 'between' })
  await a.store.flush()
  await make().listen(port, '127.0.0.1')
  await a.store.synced()
  const b = await client(ws)
  await until(() => b.store.status().complete, 'b is complete')
  expect(
    b.tasks
      .query()
      .get()
      .map(({ title }) => title)
      .sort(),
  ).toEqual(['before', 'between'])
})

test('users come from tokens and cookies; rules hold over sockets', async () => {
  const config = {
    schemas: [Task],
    authenticate: ({ token, headers }: { token: string | undefined; headers: Record<string, unknown> }) =>
      token ?? (headers['cookie'] as string | undefined),
    rules: [rule('/data/main', { write: ({ session, after }) => after?.['owner'] === session.user || 'Not yours.' })],
  }
  const { ws } = await listen({ config })
  const ann = await client(ws, { token: 'ann' })
  const bob = await client(ws, { headers: { cookie: 'bob' } })
  const task = ann.tasks.create({ title: 'mine', owner: 'ann' })
  await ann.store.synced()
  await until(() => bob.tasks.get(task.$id), 'bob sees it')
  expect(bob.tasks.get(task.$id)?.$createdBy).toBe('ann')
  const write = bob.tasks.create({ title: 'forged', owner: 'ann' })
  await until(() => bob.rejections.length === 1, 'bob is told')
  expect(bob.rejections[0]!.code).toBe('forbidden')
  expect(bob.tasks.get(write.$id)).toBeUndefined()
  const nobody = await client(ws)
  await until(() => nobody.store.status().connection === 'refused', 'who is nobody is refused')
  expect(nobody.store.status().error?.code).toBe('sign-in')
})

test('it says how it is, and 503 while it goes', async () => {
  const { server, http, ws } = await listen()
  const a = await client(ws)
  a.tasks.create({ title: 'one' })
  await a.store.synced()
  const response = await fetch(`${http}/healthz`)
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.json()).toEqual({ ok: true, repositories: 1, connections: 1, uptime: expect.any(Number) })
  const other = createHttpServer((request, reply) => server.handler(request, reply))
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  cleanups.push(() => other.close())
  await server.close()
  const late = await fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/healthz`)
  expect(late.status).toBe(503)
  expect(await late.json()).toMatchObject({ ok: false, connections: 0 })
})

test('I-15: a disk that fails is reported, and nothing is acknowledged that is not on it', async () => {
  const { server, http, ws } = await listen()
  const a = await client(ws)
  a.tasks.create({ title: 'one' })
  await a.store.synced()
  await rm(join(folder, 'data'), { recursive: true })
  a.tasks.create({ title: 'two' })
  await until(() => !server.health().ok, 'the server has noticed')
  expect((await fetch(`${http}/healthz`)).status).toBe(503)
  expect(a.store.status().pending).toBe(1)
  expect(said.join('\n')).toContain('/data/main is not being stored')
})

test('a graceful end seals, says goodbye with 1001, and everybody can connect to the next at once', async () => {
  const { server, ws } = await listen()
  const a = await client(ws)
  a.tasks.create({ title: 'one' })
  await a.store.synced()
  const closed = new Promise<number>((resolve) => new WebSocket(ws).on('close', resolve).on('error', () => resolve(0)))
  await until(() => server.health().connections === 2, 'both are connected')
  const [code] = await Promise.all([closed, server.close()])
  expect(code).toBe(1001)
  // The seal went out before the goodbye: whoever was connected can vouch for all there is.
  const [exported] = (await a.store.export()).repositories
  const kinds = exported!.commits.map((text) => decodeCommit(Buffer.from(text, 'base64'), sha256).header.kind)
  expect(kinds).toEqual(['change', 'seal'])
  await a.store.close()
  // The key is beside the data, not in it.
  expect((await readdir(folder)).sort()).toEqual(['data', 'data.authority'])
  const again = await listen()
  const b = await client(again.ws)
  await until(() => b.store.status().complete, 'b is complete')
  expect(b.tasks.query().get()).toHaveLength(1)
})

test('files are served: hashed ones for ever, pages afresh, every other address as the app, nothing hidden', async () => {
  const app = join(folder, 'app')
  await mkdir(join(app, 'assets'), { recursive: true })
  await writeFile(join(app, 'index.html'), '<h1>app</h1>')
  await writeFile(join(app, 'assets/index-BxK3d9Qz.js'), 'export {}')
  await writeFile(join(app, 'favicon.svg'), '<svg/>')
  await writeFile(join(app, '.env'), 'SECRET=1')
  await writeFile(join(folder, 'outside.txt'), 'secret')
  const { http } = await listen({ static: app })
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(http + path, init)
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  const page = await get('/')
  expect([page.status, page.text, page.headers.get('cache-control')]).toEqual([200, '<h1>app</h1>', 'no-cache'])
  expect(page.headers.get('content-type')).toContain('text/html')
  expect((await get('/board/42')).text).toBe('<h1>app</h1>')
  const asset = await get('/assets/index-BxK3d9Qz.js')
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-type')).toContain('javascript')
  expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache')
  expect((await get('/assets/missing-12345678.js')).status).toBe(404)
  for (const path of ['/.env', '/%2eenv', '/assets/../.env', '/..%2foutside.txt', '/%']) {
    expect((await get(path)).text).not.toMatch(/secret/i)
  }
  expect((await get('/', { method: 'POST' })).status).toBe(404)
  const etag = page.headers.get('etag')!
  expect((await get('/', { headers: { 'If-None-Match': etag } })).status).toBe(304)
  // Built anew under the running server.
  await writeFile(join(app, 'assets/index-Cyyyyyy1.js'), 'export {}')
  await rm(join(app, 'assets/index-BxK3d9Qz.js'))
  expect((await get('/assets/index-Cyyyyyy1.js')).status).toBe(200)
  expect((await get('/assets/index-BxK3d9Qz.js')).status).toBe(404)
  expect((await get('/ibex')).status).toBe(426)
  expect(() => make({ static: join(folder, 'none') })).toThrow(expect.objectContaining({ code: 'bad-option' }))
})

test('pages of other origins are refused, unless they are named', async () => {
  const { ws } = await listen({ origins: ['https://app.example.org'] })
  const { host } = new URL(ws)
  expect(await statusOf(ws)).toBe(101)
  expect(await statusOf(ws, { origin: `http://${host}` })).toBe(101)
  expect(await statusOf(ws, { origin: 'https://app.example.org' })).toBe(101)
  expect(await statusOf(ws, { origin: 'https://evil.example.org' })).toBe(403)
  expect(await statusOf(ws, { origin: 'null' })).toBe(403)
  expect(await statusOf(ws, { origin: 'https://app', headers: { 'X-Forwarded-Host': 'app' } })).toBe(403)
  const behind = await listen({ data: join(folder, 'b'), trustProxy: true })
  expect(await statusOf(behind.ws, { origin: 'https://app', headers: { 'X-Forwarded-Host': 'app' } })).toBe(101)
})

test('one address has so many connections', async () => {
  const { ws, server } = await listen({ connectionsPerAddress: 2, trustProxy: true })
  expect(await statusOf(ws)).toBe(101)
  const second = new WebSocket(ws)
  await new Promise((open) => second.on('open', open))
  expect(await statusOf(ws)).toBe(429)
  expect(await statusOf(ws, { headers: { 'X-Forwarded-For': '10.9.9.9, 192.0.2.7' } })).toBe(101)
  second.close()
  await until(() => server.health().connections === 2, 'it has left')
  expect(await statusOf(ws)).toBe(101)
})

test('it lives beside others on one server, and leaves their upgrades and requests alone', async () => {
  const http: Server = createHttpServer((_request, response) => response.end('mine'))
  const others = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, socket, head) => {
    if (request.url === '/hmr') others.handleUpgrade(request, socket, head, (peer) => peer.send('hmr'))
  })
  const server = make()
  const detach = server.attach(http)
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  cleanups.push(() => {
    http.closeAllConnections()
    http.close()
  })
  const address = `127.0.0.1:${(http.address() as AddressInfo).port}`
  const heard = await new Promise<string>((resolve) =>
    new WebSocket(`ws://${address}/hmr`).on('message', (data: Buffer) => resolve(data.toString())),
  )
  expect(heard).toBe('hmr')
  const a = await client(`ws://${address}/ibex`)
  a.tasks.create({ title: 'one' })
  await a.store.synced()
  expect(await (await fetch(`http://${address}/ibex`)).text()).toBe('mine')
  await a.store.close()
  await server.close()
  detach()
  expect(http.listening).toBe(true)
  expect(http.listenerCount('upgrade')).toBe(1)
})

test('in production it does not start without rules, unless that is meant', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const unsafe = expect.objectContaining({ code: 'unsafe-production', message: expect.stringContaining('--open') })
  expect(() => make()).toThrow(unsafe)
  expect(() => make({ config: { schemas: [Task] } })).toThrow(unsafe)
  await expect(make({ config: () => ({ schemas: [Task] }) }).ready()).rejects.toEqual(unsafe)
  await make({ open: true }).ready()
  await make({ config: { schemas: [Task], rules: [rule('/data/*', {})] }, data: join(folder, 'b') }).ready()
})

test('bad options are told apart', () => {
  const bad = expect.objectContaining({ code: 'bad-option' })
  expect(() => createServer({ data: '' })).toThrow(bad)
  expect(() => make({ path: 'ibex' })).toThrow(bad)
  expect(() => make({ authority: join(folder, 'data', 'key') })).toThrow(bad)
  expect(() => make({ authority: join(folder, 'data') })).toThrow(bad)
  make({ authority: join(folder, 'data2') })
})

test('a busy port is reported as Node does, and the next can be tried', async () => {
  const { http } = await listen()
  const port = Number(new URL(http).port)
  const other = make({ data: join(folder, 'other') })
  await expect(other.listen(port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect((await other.listen(0, '127.0.0.1')).url).toMatch(/^http:\/\/localhost:\d+\/$/)
})

test('rules are loaded again under a running server', async () => {
  let open = false
  const load = () => ({ schemas: [Task], rules: [rule('/data/main', { write: () => open || 'Closed.' })] })
  const { server, ws } = await listen({ config: load })
  const a = await client(ws)
  a.tasks.create({ title: 'early' })
  await until(() => a.rejections.length === 1, 'it is refused')
  open = true
  await server.reload()
  a.tasks.create({ title: 'late' })
  await a.store.synced()
  expect(a.rejections).toHaveLength(1)
  expect(a.tasks.query().get()).toHaveLength(1)
})

test('sockets that speak nonsense, too much or nothing are cut off, and the server goes on', async () => {
  const { server, ws } = await listen()
  const closing = (send: (socket: WebSocket) => void): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(ws)
      socket.on('open', () => send(socket))
      socket.on('error', () => {})
      socket.on('close', resolve)
    })
  expect(await closing((socket) => socket.send(Buffer.from([2, 255])))).toBe(1000)
  expect(await closing((socket) => socket.send('text'))).toBe(1000)
  expect(await closing((socket) => socket.send(Buffer.alloc(3 * 1024 * 1024)))).toBe(1009)
  const raw = connect(Number(new URL(ws).port), '127.0.0.1')
  raw.on('error', () => {})
  raw.resume()
  raw.write('GET /ibex HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  await new Promise((done) => raw.on('close', done))
  await until(() => server.health().connections === 0, 'all are gone')
  expect(server.health().ok).toBe(true)
})
