/** An order as a caller writes it: eleven objects, about 2 KB of JSON. */
export function sampleOrder() {
  const address = (street: string) => ({ street, city: 'Leipzig', postcode: '04109', country: 'DE' });
  return {
    id: '7f9c24e8-3b12-4fef-91e0-56a2d5a4d3b1',
    status: 'paid' as const,
    placedAt: new Date('2026-03-14T09:26:53.589Z'),
    billing: address('Grimmaische Str. 12'),
    shipping: address('Karl-Liebknecht-Str. 7b'),
    lines: Array.from({ length: 8 }, (_, at) => ({
      id: `1c6b7a50-0000-4000-8000-00000000000${at}`,
      sku: `SKU-${1000 + at}`,
      quantity: at + 1,
      cents: 1999 + at,
      attributes: { colour: 'anthracite', size: 'XL' },
      note: at % 2 === 0 ? null : 'leave it with the neighbours',
      tags: ['spring', 'sale'],
    })),
    currency: 'EUR',
    gift: false,
  };
}
