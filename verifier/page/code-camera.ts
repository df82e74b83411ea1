/** A button that reads a code from a photo, where the browser itself can; no library, no live camera, no permission. */
import { type Language, words } from '../core/goods/language.js';

/** W3C Shape Detection API, as far as it is used. */
interface Detector {
  detect(image: ImageBitmap): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: readonly string[] }) => Detector;

const LABELS = {
  photo: words('Chụp mã', 'Photograph the code'),
  nothing: words('Không đọc được mã trong ảnh. Hãy chụp gần và rõ hơn, hoặc nhập mã.', 'No code could be read in the picture. Take it closer and sharper, or type the code.'),
};

const FORMATS = ['qr_code', 'data_matrix', 'ean_13', 'ean_8', 'code_128'];

/** Adds the button to the form; does nothing where the browser cannot read codes. */
export function offerCamera(form: HTMLFormElement, language: Language): void {
  const detector = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const input = form.querySelector<HTMLInputElement>('input[name=code]');
  if (detector === undefined || input === null) return;
  const { picker, button, said } = controls(language);
  button.addEventListener('click', () => picker.click());
  picker.addEventListener('change', () => void submitPhoto(new detector({ formats: FORMATS })));
  form.append(button, picker, said);

  async function submitPhoto(reader: Detector): Promise<void> {
    const code = await readPhoto(picker, reader);
    said.textContent = code === undefined ? LABELS.nothing[language] : '';
    if (code === undefined || input === null) return;
    input.value = code;
    form.requestSubmit();
  }
}

function controls(language: Language): { picker: HTMLInputElement; button: HTMLButtonElement; said: HTMLElement } {
  const picker = document.createElement('input');
  picker.type = 'file';
  picker.accept = 'image/*';
  picker.setAttribute('capture', 'environment');
  picker.hidden = true;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'second';
  button.textContent = LABELS.photo[language];
  const said = document.createElement('p');
  said.setAttribute('role', 'status');
  return { picker, button, said };
}

async function readPhoto(picker: HTMLInputElement, detector: Detector): Promise<string | undefined> {
  const photo = picker.files?.[0];
  if (photo === undefined) return undefined;
  try {
    const [first] = await detector.detect(await createImageBitmap(photo));
    return first?.rawValue;
  } catch {
    return undefined; // not a picture, or a detector that has given up: the reader is told that nothing was read
  }
}
