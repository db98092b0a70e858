import babel from '@rolldown/plugin-babel'
import react, { reactCompilerPreset } from '@vitejs/plugin-react'
import { ibex } from 'ibex-state/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react(), babel({ include: /[\\/]src[\\/].*\.tsx?$/, presets: [reactCompilerPreset()] }), ibex()],
  // The compiler takes its time; that is no news.
  build: { target: 'es2022', chunkSizeWarningLimit: 700, rolldownOptions: { checks: { bundlerTimings: false } } },
})
