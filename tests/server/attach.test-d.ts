import { createServer as createHttpServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { createServer } from '../../src/server.js'

// Whatever can be upgraded can be attached to.
const ibex = createServer({ data: 'data' })
ibex.attach(createHttpServer())
ibex.attach(createHttpsServer())
ibex.attach(createSecureServer({ allowHTTP1: true }))
createHttpServer(ibex.handler)
// @ts-expect-error a number is no server
ibex.attach(5)
