// Small things that need the browser: the theme, copying, knowing whether the page is visible. No framework, no inline code.
(() => {
  const root = document.documentElement;

  const choose = theme => {
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
    const age = theme === 'system' ? 0 : 31536000;
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `gatehouse-theme=${theme}; Path=/; Max-Age=${age}; SameSite=Strict${secure}`;
  };

  const copy = async button => {
    const said = button.querySelector('.copy-done');
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = 'Copied';
    } catch {
      // No clipboard on plain-HTTP pages off loopback: select the text, so that the keyboard copies it.
      getSelection().selectAllChildren(button.parentElement.querySelector('code'));
      said.textContent = 'Selected';
    }
    setTimeout(() => { said.textContent = ''; }, 2000);
  };

  document.addEventListener('click', e => {
    if (e.target.closest('.skip-link')) {
      // Blazor's router would scroll there but leave the focus behind.
      e.preventDefault();
      document.getElementById('main').focus();
    }
    const choice = e.target.closest('[data-theme-choice]');
    if (choice) choose(choice.dataset.themeChoice);
    const copied = e.target.closest('[data-copy]');
    if (copied) copy(copied);
    if (e.target.closest('[data-reload]')) location.reload();
  });

  let listener = null;
  window.gatehouse = {
    watchVisibility(page) {
      this.unwatchVisibility();
      // The circuit stands: from here on the page reacts.
      root.dataset.interactive = 'true';
      listener = () => page.invokeMethodAsync('OnVisibilityChanged', document.visibilityState === 'visible');
      document.addEventListener('visibilitychange', listener);
    },
    unwatchVisibility() {
      if (listener) document.removeEventListener('visibilitychange', listener);
      listener = null;
    },
  };
})();
