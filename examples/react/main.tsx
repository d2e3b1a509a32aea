import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Delivery } from './Delivery.js';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Delivery />
  </StrictMode>,
);
