import './control.ts';
import '../../api/main.ts';
