/** Settles, once for a whole job, everything its labels share. */
import { Problem, within } from '#domain/errors.js';
import type { JobReading } from './check-job.js';
import { roomAboveStrip } from './hazard-mark.js';
import { checkItemFits } from './item-label.js';
import type { LabelJob } from './label-job.js';
import { nameLinesOf, type LabelSetting } from './label-setting.js';
import { labelsPerPage, LEAST_MODULE } from './media.js';
import type { Fonts } from './page-content.js';
import { planQr, type QrPlan } from './qr-symbol.js';
import { LABEL_WORDS } from './wording.js';

/**
 * @param reading of the same job
 * @throws Problem LABEL_LINK_TOO_LONG, and with `field` = `labels[i]`: LABEL_TEXT_DOES_NOT_FIT, LABEL_HAZARD_DOES_NOT_FIT
 */
export function planJob(job: LabelJob, reading: JobReading, fonts: Fonts): LabelSetting {
  const { media } = reading;
  const setting: LabelSetting = {
    jobId: job.jobId, host: job.host, language: job.language, words: LABEL_WORDS[job.language],
    media, dpi: job.dpi ?? media.dpi, qr: planCode(job, reading), fonts, nameLines: nameLinesOf(fonts),
    labels: job.labels.length, pages: 1 + Math.ceil(job.labels.length / labelsPerPage(media)),
  };
  if (media.hazard !== 'field') checkAllFit(job, setting);
  return setting;
}

/** Beside hazard pictograms the code takes the least module that retail allows: both must have room. */
function planCode(job: LabelJob, { media, version, hazardous }: JobReading): QrPlan {
  const dpi = job.dpi ?? media.dpi;
  return hazardous && media.hazard === 'strip'
    ? planQr(version, media, dpi, LEAST_MODULE, Math.min(media.qr.box, roomAboveStrip(media)))
    : planQr(version, media, dpi, media.qr.wanted, media.qr.box);
}

function checkAllFit(job: LabelJob, setting: LabelSetting): void {
  for (const [index, label] of job.labels.entries()) {
    if (label.kind !== 'item') continue;
    try {
      checkItemFits(label, setting);
    } catch (error) {
      throw error instanceof Problem ? within(`labels[${index}]`, error) : error;
    }
  }
}
