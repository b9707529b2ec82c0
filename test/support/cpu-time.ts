// CPU time of this process, for bounds that hold on a busy machine too. Must not know what is measured.

/** User and system time used so far, milliseconds. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
