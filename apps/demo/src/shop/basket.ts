/** A basket that counts, so that there is something to click on the page that is being shared. */
export function openBasket(root: Document): void {
  const basket = root.querySelector('#basket');
  const said = root.querySelector('#said');
  let count = 0;
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-product]')) {
    button.addEventListener('click', () => {
      count += 1;
      if (basket) basket.textContent = String(count);
      if (said) said.textContent = `${button.dataset['product']} is in the basket.`;
    });
  }
}
