/** The door `ibex-state/server`. */
export {
  createServer,
  type IbexServer,
  type Listening,
  type ServerHealth,
  type ServerOptions,
  type UpgradeListener,
  type UpgradeSource,
} from './server/create-server.js'
export { IbexError, type IbexErrorCode, type Issue } from './errors.js'
export {
  type Asker,
  type Config,
  defineConfig,
  findRule,
  type ReadRequest,
  rule,
  type Rule,
  type Verdict,
  type WriteRequest,
} from './repository/rules.js'
export type { Unsubscribe } from './signal.js'
