import type { Converted } from '../config/diagnostic.ts'
import type { RouterModel } from '../model/router.ts'

type Parse = (text: string, image: string, file: string) => Converted<RouterModel>

/**
 * The last reading of each router configuration of a lab. A deployment reads every file to check it, and again when the router
 * starts a moment later; of a fabric that is a good part of the time it takes to converge. Models are never changed.
 */
export class RouterReadings {
  readonly #byFile = new Map<
    string,
    { readonly text: string; readonly image: string; converted: Converted<RouterModel> }
  >()

  /** What `parse` makes of the text, unless the file was read with the same text before. */
  read(text: string, image: string, file: string, parse: Parse): Converted<RouterModel> {
    const known = this.#byFile.get(file)
    if (known?.text === text && known.image === image) return known.converted
    const converted = parse(text, image, file)
    this.#byFile.set(file, { text, image, converted })
    return converted
  }
}
