/** What is used of a package that is installed by `npm run bench` only, and that ships no types of its own. */
declare module '@y/websocket-server/utils' {
  import type { IncomingMessage } from 'node:http'
  import type { WebSocket } from 'ws'
  export function setupWSConnection(socket: WebSocket, request: IncomingMessage): void
}
