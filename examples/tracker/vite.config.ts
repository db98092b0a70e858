import babel from '@rolldown/plugin-babel'
import react, { reactCompilerPreset } from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react(), babel({ include: /[\\/]src[\\/].*\.tsx?$/, presets: [reactCompilerPreset()] })],
  build: { target: 'es2022', chunkSizeWarningLimit: 700 },
})
