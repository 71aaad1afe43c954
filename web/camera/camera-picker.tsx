import { useState } from 'preact/hooks';
import { cameraOf } from '../sdk/browser/camera-list.ts';
import { Problem } from '../shared/field.tsx';
import { t } from './messages.ts';
import { useCameras } from './use-cameras.ts';

interface CameraPickerProps {
  /** The open camera. */
  readonly stream: MediaStream | undefined;
  /** Rejects when the camera cannot be opened. */
  readonly onChoose: (deviceId: string) => Promise<void>;
}

/** Choice of a camera where there are several. */
export function CameraPicker({ stream, onChoose }: CameraPickerProps) {
  const cameras = useCameras(stream);
  const [failed, setFailed] = useState(false);
  if (cameras.length < 2) return null;
  const current = cameraOf(stream) ?? '';
  const choose = (select: HTMLSelectElement) => {
    setFailed(false);
    onChoose(select.value).catch(() => {
      setFailed(true);
      select.value = current;
    });
  };
  return (
    <>
      <label class="field">
        <span>{t.whichCamera}</span>
        <select value={current} onChange={({ currentTarget }) => choose(currentTarget)}>
          {current === '' && <option value="">{t.chooseCamera}</option>}
          {cameras.map(({ deviceId, label }, i) => (
            <option key={deviceId} value={deviceId}>
              {label || t.cameraNumber(i + 1)}
            </option>
          ))}
        </select>
      </label>
      <Problem>{failed ? t.notChanged : undefined}</Problem>
    </>
  );
}
