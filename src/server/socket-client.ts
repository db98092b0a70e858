/** A connection to a server from a program: Node has WebSockets of its own only from version 22 on. */
import { WebSocket } from 'ws'
import type { Transport } from '../transport/port.js'
import { webSocketTransport } from '../transport/websocket.js'

/** `failed` hears why it did not come about, in the platform's words. */
export function connectSocket(address: string, failed: (message: string) => void): Transport {
  const socket = new WebSocket(address)
  socket.on('error', ({ message }) => failed(message))
  return webSocketTransport(socket)
}
