import type { Page } from 'playwright-core';

/** An identity card of nobody, drawn by the page's canvas around a picture of a drawn person. */
export async function drawDocument(page: Page, photo: Buffer, name: string): Promise<Buffer> {
  const shown = await page.evaluate<string>(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(photo.toString('base64'))}), (each) => each.charCodeAt(0));
    const person = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    const canvas = Object.assign(document.createElement('canvas'), { width: 960, height: 720 });
    const draw = canvas.getContext('2d');
    draw.fillStyle = '#5b4b3c';
    draw.fillRect(0, 0, 960, 720);
    draw.translate(480, 360);
    draw.rotate(-0.03);
    draw.fillStyle = '#dfe9ee';
    draw.beginPath();
    draw.roundRect(-400, -252, 800, 504, 28);
    draw.fill();
    draw.fillStyle = '#2a5a78';
    draw.fillRect(-400, -190, 800, 8);
    const side = person.height * 0.75;
    draw.drawImage(person, person.width / 2 - side * 0.4, person.height * 0.06, side * 0.8, side, -360, -150, 260, 325);
    draw.fillStyle = '#1d2b36';
    draw.font = '600 34px sans-serif';
    draw.fillText('SPECIMEN · STUDENT CARD', -360, -206);
    draw.font = '24px sans-serif';
    draw.fillText('Name', -60, -110);
    draw.fillText('Valid until', -60, 10);
    draw.font = '600 38px sans-serif';
    draw.fillText(${JSON.stringify(name)}, -60, -60);
    draw.fillText('31.12.2099', -60, 60);
    return canvas.toDataURL('image/jpeg', 0.85);
  })()`);
  return Buffer.from(shown.slice(shown.indexOf(',') + 1), 'base64');
}
