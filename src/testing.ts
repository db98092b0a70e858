/** The door `ibex-state/testing`: stores for tests, in which nothing is left to chance or to time, and recordings. */
export { connect, createTestStore, offline, online, settle, type TestStoreOptions } from './testing/test-store.js'
export { copyAsTest, openReplay, type OpenReplay } from './testing/open-replay.js'
export type { CopyAsTestOptions, ReplayTest } from './store/copy-as-test.js'
export type { OpenReplayOptions, Replay, ReplayInfo } from './store/open-replay.js'
