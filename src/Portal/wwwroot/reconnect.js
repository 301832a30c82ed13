// Starts Blazor and decides what a lost connection looks like. Works on the class names that every version of the script sets.
(() => {
  const quickTries = 4;
  const pause = attempt => attempt < quickTries ? 500 : Math.min(attempt * 500, 5000);

  Blazor.start({ circuit: { reconnectionOptions: { maxRetries: 100000, retryIntervalMilliseconds: pause } } });

  // Rejected means that the server has restarted: the circuit is gone, the session is not.
  const reloadWhenRejected = () => {
    const dialog = document.getElementById('components-reconnect-modal');
    if (!dialog || dialog.dataset.watched) return;
    dialog.dataset.watched = 'true';
    new MutationObserver(() => {
      if (dialog.classList.contains('components-reconnect-rejected')) location.reload();
    }).observe(dialog, { attributes: true, attributeFilter: ['class'] });
  };

  reloadWhenRejected();
  // Enhanced navigation may replace the element.
  Blazor.addEventListener('enhancedload', reloadWhenRejected);
})();
