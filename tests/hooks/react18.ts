/**
 * Lets `require('react')` inside packages find React 18. The alias of `vitest.config.ts` stands in for it in what Vite
 * transforms; packages in CommonJS (`use-sync-external-store`) are loaded by Node, which this file tells.
 */
import Module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const packages = join(dirname(createRequire(import.meta.url).resolve('../react18/package.json')), 'node_modules')
const loader = Module as unknown as { _resolveFilename(this: void, request: string, ...rest: unknown[]): string }
const resolveFilename = loader._resolveFilename
loader._resolveFilename = (request, ...rest) =>
  resolveFilename(/^react(-dom)?(\/|$)/.test(request) ? join(packages, request) : request, ...rest)
