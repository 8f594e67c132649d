//! Runs kafka-backup-core's backup or restore, whichever the `mode` of the configuration file says.
use kafka_backup_core::{backup::BackupEngine, config::Mode, Config, RestoreEngine};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter).init();
    let path = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("the configuration's path is missing"))?;
    let (config, ignored) = Config::from_yaml_with_warnings(&std::fs::read_to_string(path)?)?;
    anyhow::ensure!(ignored.is_empty(), "settings that it doesn't know: {ignored:?}");
    config.validate()?;
    match config.mode {
        Mode::Backup => BackupEngine::new(config).await?.run().await?,
        Mode::Restore => println!("{}", serde_json::to_string(&RestoreEngine::new(config)?.run().await?)?),
    }
    Ok(())
}
