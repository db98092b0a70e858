/** The servers between two screens, each of its library. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

export interface ScreenServer {
  readonly url: string
  close(): Promise<void>
}

/** Serves the page in `site`; what it stores goes to `data`. */
export const servers: { readonly [peer: string]: (site: string, data: string) => Promise<ScreenServer> } = {
  async ibex(site, data) {
    const { createServer } = await import('../src/server.js')
    const { Task } = await import('./peers/ibex-schema.js')
    const server = createServer({ data, static: site, open: true, config: { schemas: [Task] }, log: () => {} })
    const { url } = await server.listen(0, '127.0.0.1')
    return { url, close: () => server.close() }
  },

  async yjs(site) {
    const { WebSocketServer } = await import('ws')
    const { setupWSConnection } = await import('@y/websocket-server/utils')
    const types: { readonly [extension: string]: string } = { '.html': 'text/html', '.js': 'text/javascript' }
    const server = createServer((request, response) => {
      try {
        const file = request.url === '/' ? '/index.html' : request.url!
        const body = readFileSync(join(site, file))
        response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body)
      } catch {
        response.writeHead(404).end()
      }
    })
    new WebSocketServer({ server }).on('connection', (socket, request) => setupWSConnection(socket, request))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return {
      url: `http://localhost:${(server.address() as AddressInfo).port}/`,
      close: async () => {
        server.closeAllConnections()
        server.close()
      },
    }
  },
}
