/** Draws the overview's bars, ruler and marks into its canvas. */
import type { Density } from './density.js'
import type { Tick } from './ticks.js'

/** Heights in pixels. */
export const RULER = 16
const FOOT = 3
/** A bar, and the gap after it. */
export const BIN = 3
const BAR = 2

export interface Palette {
  readonly bars: string
  readonly off: string
  readonly waiting: string
  readonly refused: string
  readonly line: string
  readonly text: string
  readonly font: string
}

export function paletteOf(element: Element): Palette {
  const style = (element.ownerDocument.defaultView ?? window).getComputedStyle(element)
  // A custom property is text; what it comes to only a real property says.
  const probe = element.ownerDocument.createElement('i')
  element.append(probe)
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`
    return (element.ownerDocument.defaultView ?? window).getComputedStyle(probe).color
  }
  const palette = {
    bars: colour('--bars'),
    off: colour('--bars-off'),
    waiting: colour('--wait'),
    refused: colour('--bad'),
    line: colour('--line'),
    text: colour('--text-faint'),
    font: style.fontFamily,
  }
  probe.remove()
  return palette
}

export interface Picture {
  readonly density: Density
  readonly ticks: readonly Tick[]
  /** Where pauses were shortened; pixels. */
  readonly pauses: readonly number[]
  /** Bars outside are pale; pixels. */
  readonly range: readonly [from: number, to: number] | null
  /** Bars before it are pale too, because their moments cannot be shown yet; pixels. */
  readonly begin: number
}

/** `ratio`: device pixels to a pixel. */
export function drawDensity(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  ratio: number,
  palette: Palette,
  { density, ticks, pauses, range, begin }: Picture,
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)

  context.font = `10px ${palette.font}`
  context.textBaseline = 'middle'
  for (const { x, label } of ticks) {
    const at = Math.round(x)
    context.fillStyle = palette.line
    context.fillRect(at, 0, 1, height)
    context.fillStyle = palette.text
    if (at + 4 + context.measureText(label).width < width) context.fillText(label, at + 4, RULER / 2 + 0.5)
  }
  context.fillStyle = palette.line
  for (const x of pauses) for (let y = RULER; y < height - FOOT; y += 4) context.fillRect(Math.round(x), y, 1, 2)

  const room = height - RULER - FOOT - 2
  const ground = height - FOOT
  // Quiet times stay visible beside busy ones.
  const tall = (count: number): number => Math.max(1.5, room * Math.sqrt(count / density.most))
  for (let bin = 0; bin < density.counts.length; bin++) {
    const count = density.counts[bin]!
    if (count === 0) continue
    const x = bin * BIN
    const bar = tall(count)
    const inside = x + BAR >= begin && (!range || (x + BAR >= range[0] && x <= range[1]))
    context.fillStyle = inside ? palette.bars : palette.off
    context.fillRect(x, ground - bar, BAR, bar)
    // A foot in the colour of what is not settled: amber as long as nobody has accepted it, red where it was refused.
    const { [bin]: waiting = 0 } = density.waiting
    const { [bin]: refused = 0 } = density.refused
    if (waiting + refused === 0) continue
    context.fillStyle = refused > 0 ? palette.refused : palette.waiting
    context.fillRect(x, ground, BAR, FOOT)
  }
}
