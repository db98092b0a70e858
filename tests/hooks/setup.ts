import { cleanup, configure } from '@testing-library/react'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { hookMode } from './mode.js'

configure({ reactStrictMode: hookMode === 'strict' })
afterEach(cleanup)

// Files share a page, and one may have loaded the package twice: the next one must not hear of it.
afterAll(() => expect(document.body.innerHTML, 'what the file has left in the page').toBe(''))
beforeAll(() => Reflect.deleteProperty(globalThis, Symbol.for('ibex-state.react')))
