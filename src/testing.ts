/** The door `ibex-state/testing`: stores for tests, in which nothing is left to chance or to time. */
export { connect, createTestStore, offline, online, settle, type TestStoreOptions } from './testing/test-store.js'
