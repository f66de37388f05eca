import './control.ts';
import '../../activities/worker.ts';
