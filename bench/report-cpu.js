// What a measured server tells its parent over IPC: that it listens, and its CPU time and memory when asked.

/** Listens on a free loopback port and answers the parent's `usage` messages; ends when the parent is gone. */
export const listenAndReport = (server) => {
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send({
      cpuMs: (user + system) / 1000,
      systemMs: system / 1000,
      rssMiB: process.memoryUsage.rss() / 1_048_576,
    });
  });
  process.on('disconnect', () => process.exit(0));
};
