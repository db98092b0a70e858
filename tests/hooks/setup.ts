import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'
import { hookMode } from './mode.js'

configure({ reactStrictMode: hookMode === 'strict' })
afterEach(cleanup)
